package io.llmaz.local.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** The piece map under any crash: what is replayed is what some prefix of the records says. */
final class PieceJournalProperties {
  private static final PieceLayout LAYOUT = new PieceLayout(1000, 100);
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);

  @Property
  void replay_ofAJournalCutAnywhere_isAPrefixOfItsRecords(
      @ForAll @Size(max = 30) List<@IntRange(min = -10, max = 9) Integer> steps,
      @ForAll @IntRange(max = 1 << 20) int cutSeed) {
    Written written = write(steps);
    int cut = cutSeed % (written.bytes.length + 1);
    byte[] torn = Arrays.copyOf(written.bytes, cut);
    PieceJournal.Replay replay = PieceJournal.replay(torn);
    int whole = (int) written.ends.stream().filter(end -> end <= cut).count();
    assertThat(replay.description() != null).isEqualTo(whole > 0);
    assertThat(replay.length()).isEqualTo(whole == 0 ? 0 : written.ends.get(whole - 1));
    assertThat(replay.pieces()).isEqualTo(whole == 0 ? Map.of() : written.states.get(whole - 1));
  }

  @Property
  void replay_withOneByteChanged_neverInventsAPiece(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = -10, max = 9) Integer> steps,
      @ForAll @IntRange(max = 1 << 20) int whereSeed,
      @ForAll @IntRange(min = 1, max = 255) int flip) {
    Written written = write(steps);
    int where = whereSeed % written.bytes.length;
    byte[] damaged = written.bytes.clone();
    damaged[where] ^= (byte) flip;
    PieceJournal.Replay replay = PieceJournal.replay(damaged);
    int whole = (int) written.ends.stream().filter(end -> end <= where).count();
    assertThat(replay.pieces()).isEqualTo(whole == 0 ? Map.of() : written.states.get(whole - 1));
  }

  @Property
  void layout_piecesCoverTheFileOnce(
      @ForAll @LongRange(min = 1, max = 1L << 20) long content,
      @ForAll @LongRange(min = 1L << 10, max = 1L << 21) long piece,
      @ForAll @LongRange(max = 1L << 40) long positionSeed) {
    PieceLayout layout = new PieceLayout(content, piece);
    long end = 0;
    for (int number = 0; number < layout.count(); number++) {
      assertThat(layout.offset(number)).isEqualTo(end);
      assertThat(layout.length(number)).isPositive();
      end += layout.length(number);
    }
    assertThat(end).isEqualTo(content);
    long position = positionSeed % content;
    int at = layout.pieceAt(position);
    assertThat(position).isBetween(layout.offset(at), layout.offset(at) + layout.length(at) - 1);
  }

  @Property
  void layout_byDragonflysRule_isAPowerOfTwoWithinItsBounds(
      @ForAll @LongRange(max = 1L << 42) long content) {
    long piece = PieceLayout.of(content).pieceLength();
    assertThat(Long.bitCount(piece)).isEqualTo(1);
    assertThat(piece).isBetween(4L << 20, 64L << 20);
    if (piece > 4L << 20 && piece < 64L << 20) {
      assertThat(content / 500).isBetween(piece / 2, piece);
    }
  }

  private record Written(
      byte[] bytes, List<Integer> ends, List<Map<Integer, StoredPiece>> states) {}

  /** A step of n stores piece n, one of -n - 1 drops it. */
  private static Written write(List<Integer> steps) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<Integer> ends = new ArrayList<>();
    List<Map<Integer, StoredPiece>> states = new ArrayList<>();
    Map<Integer, StoredPiece> state = new TreeMap<>();
    append(
        bytes, PieceJournal.describe(new PieceJournal.Description(LAYOUT, Map.of("a", "b"), AT)));
    ends.add(bytes.size());
    states.add(Map.copyOf(state));
    for (int step : steps) {
      if (step >= 0) {
        StoredPiece piece = new StoredPiece(step, 0xffffffffL - step, step % 2 == 0, AT);
        append(bytes, PieceJournal.store(piece));
        state.put(step, piece);
      } else {
        append(bytes, PieceJournal.drop(-step - 1));
        state.remove(-step - 1);
      }
      ends.add(bytes.size());
      states.add(Map.copyOf(state));
    }
    return new Written(bytes.toByteArray(), ends, states);
  }

  private static void append(ByteArrayOutputStream bytes, ByteBuffer record) {
    while (record.hasRemaining()) {
      bytes.write(record.get());
    }
  }
}
