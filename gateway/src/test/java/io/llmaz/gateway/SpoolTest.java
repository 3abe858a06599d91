package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.source.ByteRange;
import io.llmaz.source.SourceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {
  private static final int BLOCK = BlockCache.BLOCK;
  private static final byte[] FILE = TestingContent.random(5 * BLOCK + 12_345);
  private static final ByteRange ALL = ByteRange.all(FILE.length);

  @TempDir private Path directory;
  private final List<ByteRange> asked = new CopyOnWriteArrayList<>();
  private final List<Spool> opened = new ArrayList<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    opened.forEach(Spool::close);
  }

  @Test
  void open_ofWhatArrivedBefore_readsNoSource() throws IOException {
    Spool spool = spool(64 << 20);
    keep(spool, "a", 0, 1, 2, 3, 4, 5);

    assertThat(read(spool, "a", ALL)).isEqualTo(FILE);
    assertThat(read(spool, "a", new ByteRange(BLOCK - 7, 2 * BLOCK)))
        .isEqualTo(part(BLOCK - 7, 2 * BLOCK));
    assertThat(asked).isEmpty();
    assertThat(metrics.counter("llmaz.gateway.spool.read.bytes").count())
        .isEqualTo(FILE.length + 2 * BLOCK);
  }

  @Test
  void open_ofAFileWithHoles_asksTheSourceForThem() throws IOException {
    Spool spool = spool(64 << 20);
    keep(spool, "a", 1, 4);

    assertThat(read(spool, "a", ALL)).isEqualTo(FILE);
    assertThat(asked)
        .containsExactly(
            new ByteRange(0, BLOCK),
            new ByteRange(2 * BLOCK, 2 * BLOCK),
            new ByteRange(5 * BLOCK, 12_345));
  }

  @Test
  void open_afterAnotherProcess_givesWhatThatKept() throws IOException {
    Spool before = spool(64 << 20);
    keep(before, "a", 0, 5);
    before.close();

    assertThat(read(spool(64 << 20), "a", new ByteRange(5 * BLOCK, 12_345)))
        .isEqualTo(part(5 * BLOCK, 12_345));
    assertThat(asked).isEmpty();
  }

  @Test
  void open_ofADirectoryInUse_saysSo() {
    spool(64 << 20);

    assertThatThrownBy(() -> spool(64 << 20))
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("another gateway uses it");
  }

  @Test
  void read_ofABlockThatTheDiskChanged_isTheSources() throws IOException {
    Spool before = spool(64 << 20);
    keep(before, "a", 0, 1, 2);
    before.close();
    Path segment = segments().getFirst();
    byte[] content = Files.readAllBytes(segment);
    content[content.length - BLOCK / 2]++;
    Files.write(segment, content);
    Spool spool = spool(64 << 20);

    assertThat(read(spool, "a", ALL)).isEqualTo(FILE);
    assertThat(asked).containsExactly(new ByteRange(2 * BLOCK, FILE.length - 2 * BLOCK));
    assertThat(segments()).isEmpty();
  }

  @Test
  void open_ofASegmentThatWasCutOff_keepsWhatIsThere() throws IOException {
    Spool before = spool(64 << 20);
    keep(before, "a", 0, 1);
    before.close();
    Path segment = segments().getFirst();
    Files.write(segment, Arrays.copyOf(Files.readAllBytes(segment), 4096 + BLOCK + 100));

    assertThat(read(spool(64 << 20), "a", new ByteRange(0, 2 * BLOCK)))
        .isEqualTo(part(0, 2 * BLOCK));
    assertThat(asked).containsExactly(new ByteRange(BLOCK, BLOCK));
  }

  @Test
  void forget_ofAFile_leavesOthers() throws IOException {
    Spool spool = spool(64 << 20);
    keep(spool, "a", 0);
    keep(spool, "b", 0);
    spool.forget("a");

    read(spool, "b", new ByteRange(0, BLOCK));
    assertThat(asked).isEmpty();
    read(spool, "a", new ByteRange(0, BLOCK));
    assertThat(asked).hasSize(1);
  }

  @Test
  void keep_moreThanThereIsRoomFor_dropsWhatWasUsedLeastRecently() throws IOException {
    Spool spool = spool(2 * BLOCK);
    keep(spool, "a", 0);
    keep(spool, "b", 0);
    read(spool, "a", new ByteRange(0, BLOCK));
    keep(spool, "c", 0);

    Awaitility.await().until(() -> segments().size() == 2);
    read(spool, "a", new ByteRange(0, BLOCK));
    read(spool, "c", new ByteRange(0, BLOCK));
    assertThat(asked).isEmpty();
  }

  @Test
  void read_whenTheBlockIsDroppedUnderIt_goesOnFromTheSource() throws IOException {
    Spool spool = spool(64 << 20);
    keep(spool, "a", 0, 1, 2, 3, 4, 5);
    try (InputStream in = spool.over("a", FILE.length, this::source).open(ALL)) {
      byte[] begin = in.readNBytes(1000);
      spool.forget("a");

      assertThat(begin).isEqualTo(part(0, 1000));
      assertThat(in.readAllBytes()).isEqualTo(part(1000, FILE.length - 1000));
    }
    assertThat(asked)
        .containsExactly(
            new ByteRange(1000, BLOCK - 1000), new ByteRange(BLOCK, FILE.length - BLOCK));
  }

  @Test
  void keep_whenTheDiskFails_costsNobodyAnything() throws IOException {
    Spool spool = spool(64 << 20);
    Files.delete(directory.resolve("lock"));
    Files.delete(directory);

    offer(spool, "a", 0);
    Awaitility.await()
        .until(() -> metrics.counter("llmaz.gateway.spool.left.out.bytes").count() == BLOCK);
    assertThat(read(spool, "a", ALL)).isEqualTo(FILE);
    Files.createDirectory(directory);
    keep(spool, "a", 0);
  }

  @Test
  void open_whenTheSourceRefuses_throwsWhatItSaid() {
    SourceException refusal = new SourceException(SourceException.Kind.USER, "no");
    BlockRead.Origin refuses =
        range -> {
          throw refusal;
        };

    assertThatThrownBy(() -> spool(64 << 20).over("a", FILE.length, refuses).open(ALL))
        .isSameAs(refusal);
  }

  @Test
  void read_throughSmallMemoryAndASmallSpoolByMany_givesTheirBytes() throws Exception {
    Spool spool = spool(3 * BLOCK);
    BlockCache cache = new BlockCache(2 * BLOCK);
    Random random = new Random(7);
    List<Future<Boolean>> readers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 80; i++) {
        int start = random.nextInt(FILE.length);
        int length = 1 + random.nextInt(FILE.length - start);
        String file = "file-" + random.nextInt(3);
        readers.add(
            threads.submit(() ->
                Arrays.equals(
                    throughMemory(cache, spool, file, new ByteRange(start, length)),
                    part(start, length))));
      }
    }
    for (Future<Boolean> reader : readers) {
      assertThat(reader.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void read_afterMemoryForgot_comesFromTheSpool() throws Exception {
    Spool spool = spool(64 << 20);
    throughMemory(new BlockCache(64 << 20), spool, "a", ALL);
    Awaitility.await().until(() -> written() == FILE.length);

    assertThat(throughMemory(new BlockCache(64 << 20), spool, "a", ALL)).isEqualTo(FILE);
    assertThat(asked).containsExactly(ALL);
  }

  private Spool spool(long bytes) {
    Spool spool = new Spool(directory, bytes, metrics);
    opened.add(spool);
    return spool;
  }

  private double written() {
    return metrics.counter("llmaz.gateway.spool.written.bytes").count();
  }

  private List<Path> segments() throws IOException {
    try (var paths = Files.list(directory)) {
      return paths.filter(path -> !path.endsWith("lock")).toList();
    }
  }

  private void keep(Spool spool, String file, int... blocks) {
    double before = written();
    double bytes = 0;
    for (int index : blocks) {
      bytes += offer(spool, file, index);
    }
    double after = before + bytes;
    Awaitility.await().until(() -> written() == after);
  }

  private int offer(Spool spool, String file, int index) {
    int length = Math.min(BLOCK, FILE.length - index * BLOCK);
    byte[] bytes = Arrays.copyOfRange(FILE, index * BLOCK, index * BLOCK + BLOCK);
    spool.over(file, FILE.length, this::source).arrived(new Block(index, bytes, length), () -> {});
    return length;
  }

  private byte[] read(Spool spool, String file, ByteRange range) throws IOException {
    try (InputStream in = spool.over(file, FILE.length, this::source).open(range)) {
      return in.readAllBytes();
    }
  }

  private byte[] throughMemory(BlockCache cache, Spool spool, String file, ByteRange range)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BlockRead.Origin origin = spool.over(file, FILE.length, this::source);
    try (BlockRead read =
        new BlockRead(cache, file, FILE.length, range, origin, (bytes, hit) -> {})) {
      read.begin();
      read.copyTo(out);
    }
    return out.toByteArray();
  }

  private InputStream source(ByteRange range) {
    asked.add(range);
    return new ByteArrayInputStream(FILE, (int) range.start(), (int) range.length());
  }

  private static byte[] part(int start, int length) {
    return Arrays.copyOfRange(FILE, start, start + length);
  }
}
