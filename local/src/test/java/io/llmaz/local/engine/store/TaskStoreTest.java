package io.llmaz.local.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.local.engine.traffic.TrafficCounters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TaskStoreTest {
  private static final String ID = "a".repeat(64);
  private static final String OTHER = "b".repeat(64);
  private static final PieceLayout LAYOUT = new PieceLayout(10, 4);

  @TempDir Path directory;
  private final TrafficCounters counters = new TrafficCounters();
  private Instant now = Instant.parse("2026-11-01T00:00:00Z");
  private final InstantSource clock = () -> now;
  private TaskStore store;

  @BeforeEach
  void open() throws IOException {
    store = reopen(100);
  }

  @Test
  void commit_ofEveryPiece_completesTheTaskWithTheBytes() throws IOException {
    try (TaskContent content = store.create(ID, LAYOUT, Map.of("ETag", "x"))) {
      write(content, 2, "ij");
      write(content, 0, "abcd");
      assertThat(content.task().complete()).isFalse();
      write(content, 1, "efgh");
      assertThat(content.task().complete()).isTrue();
      assertThat(content.task().arrivals(1)).containsExactly(0, 1);
      assertThat(Files.readString(content.task().contentFile())).isEqualTo("abcdefghij");
    }
  }

  @Test
  void commit_withAnotherDigest_storesNothing() throws IOException {
    try (TaskContent content = store.create(ID, LAYOUT, Map.of());
        PieceWriter writer = content.write(2)) {
      writer.write(bytes("ij"));
      assertThatThrownBy(() -> writer.commit("crc32:1", false))
          .isInstanceOf(CorruptPieceException.class);
      assertThat(content.task().piece(2)).isEmpty();
      assertThat(counters.snapshot().corruptedPieces()).isEqualTo(1);
    }
  }

  @Test
  void write_ofAPieceThatSomebodyWrites_isRefused() throws IOException {
    try (TaskContent content = store.create(ID, LAYOUT, Map.of());
        PieceWriter first = content.write(0)) {
      assertThat(first.remaining()).isEqualTo(4);
      assertThatThrownBy(() -> content.write(0)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void open_afterAKill_hasTheCommittedPiecesOnly() throws IOException {
    TaskContent content = store.create(ID, LAYOUT, Map.of("ETag", "x"));
    write(content, 1, "efgh");
    PieceWriter unfinished = content.write(0);
    unfinished.write(bytes("abcd"));
    TaskStore again = reopen(100);
    StoredTask task = again.find(ID).orElseThrow();
    assertThat(task.missing()).containsExactly(0, 2);
    assertThat(task.headers()).containsEntry("ETag", "x");
    try (TaskContent reopened = again.open(ID).orElseThrow()) {
      assertThat(reopened.read(1)).isEqualTo("efgh".getBytes(StandardCharsets.UTF_8));
      write(reopened, 0, "abcd");
    }
    assertThat(reopen(100).find(ID).orElseThrow().missing()).containsExactly(2);
  }

  @Test
  void open_withATornTail_keepsWhatIsBeforeIt() throws IOException {
    try (TaskContent content = store.create(ID, LAYOUT, Map.of())) {
      write(content, 0, "abcd");
    }
    Path journal = directory.resolve("journal/aaa").resolve(ID);
    Files.write(journal, new byte[] {0, 0, 0, 9, 1, 2}, StandardOpenOption.APPEND);
    TaskStore again = reopen(100);
    try (TaskContent content = again.open(ID).orElseThrow()) {
      write(content, 1, "efgh");
    }
    assertThat(reopen(100).find(ID).orElseThrow().missing()).containsExactly(2);
  }

  @Test
  void open_withContentWithoutAJournal_removesIt() throws IOException {
    Path orphan = directory.resolve("content/bbb").resolve(OTHER);
    Files.createDirectories(orphan.getParent());
    Files.writeString(orphan, "left over");
    assertThat(reopen(100).list()).isEmpty();
    assertThat(orphan).doesNotExist();
  }

  @Test
  void verify_ofFlippedBytes_dropsThePieceForGood() throws IOException {
    try (TaskContent content = store.create(ID, LAYOUT, Map.of())) {
      write(content, 0, "abcd");
      content.channel().write(bytes("X"), 2);
      assertThatThrownBy(() -> content.verify(0)).isInstanceOf(CorruptPieceException.class);
      assertThatThrownBy(() -> content.verify(0)).isInstanceOf(NoSuchElementException.class);
      assertThat(reopen(100).find(ID).orElseThrow().missing()).containsExactly(0, 1, 2);
      write(content, 0, "abcd");
      assertThat(counters.snapshot().refetchedPieces()).isEqualTo(1);
    }
  }

  @Test
  void create_whenTheLimitIsReached_evictsTheOneUnusedForLongest() throws IOException {
    TaskStore small = reopen(25);
    small.create(ID, LAYOUT, Map.of()).close();
    now = now.plusSeconds(1);
    small.create(OTHER, LAYOUT, Map.of()).close();
    now = now.plusSeconds(1);
    small.open(ID).orElseThrow().close();
    small.create("c".repeat(64), LAYOUT, Map.of()).close();
    assertThat(small.list())
        .extracting(StoredTask::id)
        .containsExactlyInAnyOrder(ID, "c".repeat(64));
    assertThat(directory.resolve("content/bbb").resolve(OTHER)).doesNotExist();
  }

  @Test
  void create_whenEverythingIsOpen_failsAndLeavesNothing() throws IOException {
    TaskStore small = reopen(15);
    try (TaskContent open = small.create(ID, LAYOUT, Map.of())) {
      assertThatThrownBy(() -> small.create(OTHER, LAYOUT, Map.of()))
          .isInstanceOf(StoreFullException.class)
          .hasMessageContaining("10 of 15 bytes are in use");
      assertThat(open.task().deleted()).isFalse();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile)).noneMatch(f -> f.endsWith(OTHER));
    }
  }

  @Test
  void create_ofMoreThanEvictionCanGive_evictsNothing() throws IOException {
    TaskStore small = reopen(25);
    small.create(ID, LAYOUT, Map.of()).close();
    assertThatThrownBy(() -> small.create(OTHER, new PieceLayout(26, 4), Map.of()))
        .isInstanceOf(StoreFullException.class);
    assertThat(small.find(ID)).isPresent();
  }

  @Test
  void delete_whileItIsOpen_letsReadersFinish() throws IOException {
    try (TaskContent content = store.create(ID, LAYOUT, Map.of())) {
      write(content, 0, "abcd");
      store.delete(ID);
      assertThat(content.read(0)).isEqualTo("abcd".getBytes(StandardCharsets.UTF_8));
      try (PieceWriter writer = content.write(1)) {
        writer.write(bytes("efgh"));
        assertThatThrownBy(() -> writer.commit(null, false))
            .isInstanceOf(NoSuchElementException.class);
      }
    }
    assertThat(store.find(ID)).isEmpty();
  }

  @Test
  void create_ofAnIdThatIsAPath_isRefused() {
    assertThatThrownBy(() -> store.create("../../etc/passwd", LAYOUT, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private TaskStore reopen(long limit) throws IOException {
    return TaskStore.open(directory, limit, clock, counters);
  }

  private static void write(TaskContent content, int number, String text) throws IOException {
    try (PieceWriter writer = content.write(number)) {
      writer.write(bytes(text));
      writer.commit(null, true);
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
