package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.source.ByteRange;
import io.llmaz.source.SourceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BlockCacheTest {
  private static final byte[] FILE = new byte[20 * BlockCache.BLOCK + 12_345];

  static {
    new Random(1).nextBytes(FILE);
  }

  private final AtomicLong originBytes = new AtomicLong();
  private final AtomicInteger originRequests = new AtomicInteger();
  private final AtomicInteger openStreams = new AtomicInteger();
  private final AtomicLong hits = new AtomicLong();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void read_ofTheWholeFileByManyAtOnce_isOneReadOfTheSource() throws Exception {
    BlockCache cache = new BlockCache(FILE.length + BlockCache.BLOCK);
    CountDownLatch together = new CountDownLatch(1);
    List<Future<byte[]>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      readers.add(
          threads.submit(() -> {
            together.await();
            return read(cache, ByteRange.all(FILE.length));
          }));
    }
    together.countDown();

    for (Future<byte[]> reader : readers) {
      assertThat(reader.get(10, TimeUnit.SECONDS)).isEqualTo(FILE);
    }
    assertThat(originBytes).hasValue(FILE.length);
    assertThat(originRequests).hasValue(1);
    assertThat(hits).hasValue(7L * FILE.length);
  }

  @Test
  void read_afterAnotherReadTheMiddle_asksOnlyForTheRest() throws Exception {
    BlockCache cache = new BlockCache(FILE.length + BlockCache.BLOCK);
    read(cache, new ByteRange(4 * BlockCache.BLOCK, 2 * BlockCache.BLOCK));

    assertThat(read(cache, ByteRange.all(FILE.length))).isEqualTo(FILE);
    assertThat(originBytes).hasValue(FILE.length);
    assertThat(originRequests).hasValue(3);
  }

  @Test
  void read_ofAFileLargerThanTheMemory_costsAReaderOnceItsSize() throws Exception {
    BlockCache cache = new BlockCache(4 * BlockCache.BLOCK);

    assertThat(read(cache, ByteRange.all(FILE.length))).isEqualTo(FILE);
    assertThat(originBytes).hasValue(FILE.length);
  }

  @Test
  void read_whenAllMemoryIsInOthersHands_goesToTheSourceByItself() throws Exception {
    BlockCache cache = new BlockCache(BlockCache.BLOCK);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Future<?> slow =
        threads.submit(() -> {
          try (BlockRead read = begin(cache, ByteRange.all(FILE.length))) {
            read.copyTo(new WaitingStream(begun, goOn));
          }
          return null;
        });
    begun.await(10, TimeUnit.SECONDS);

    assertThat(read(cache, new ByteRange(3, FILE.length - 3L)))
        .isEqualTo(Arrays.copyOfRange(FILE, 3, FILE.length));
    goOn.countDown();
    slow.get(10, TimeUnit.SECONDS);
  }

  @Test
  void begin_whenTheSourceRefuses_throwsWhatItSaidAndForgetsIt() throws Exception {
    BlockCache cache = new BlockCache(FILE.length);
    SourceException refusal = new SourceException(SourceException.Kind.USER, "no");

    assertThatThrownBy(() ->
            read(
                cache,
                ByteRange.all(FILE.length),
                range -> {
                  throw refusal;
                }))
        .isSameAs(refusal);
    assertThat(read(cache, ByteRange.all(FILE.length))).isEqualTo(FILE);
  }

  @Test
  void read_whenTheSourceBreaksLater_breaksOffToo() {
    BlockCache cache = new BlockCache(FILE.length);
    int there = 3 * BlockCache.BLOCK;
    BlockRead.Origin cut =
        range ->
            new ByteArrayInputStream(
                FILE, (int) range.start(), Math.max(0, there - (int) range.start()));

    assertThatThrownBy(() -> read(cache, ByteRange.all(FILE.length), cut))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended early");
  }

  @Test
  void close_ofTheLastReader_endsTheRequestToTheSource() throws Exception {
    BlockCache cache = new BlockCache(FILE.length + BlockCache.BLOCK);
    BlockRead read = begin(cache, ByteRange.all(FILE.length));
    read.close();

    Awaitility.await().until(() -> openStreams.get() == 0);
    assertThat(originBytes.get()).isLessThan(FILE.length);
  }

  @Test
  void close_ofTheLastReaderOfAShortRange_bringsTheRestForTheNext() throws Exception {
    BlockCache cache = new BlockCache(FILE.length + BlockCache.BLOCK);
    ByteRange piece = new ByteRange(0, 8 * BlockCache.BLOCK);
    begin(cache, piece).close();
    Awaitility.await().until(() -> openStreams.get() == 0);

    assertThat(read(cache, piece)).isEqualTo(Arrays.copyOf(FILE, 8 * BlockCache.BLOCK));
    assertThat(originBytes).hasValue(piece.length());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 21, 50})
  void read_ofAnyRangesAtOnceInAnyMemory_givesTheirBytes(int blocks) throws Exception {
    BlockCache cache = new BlockCache((long) blocks * BlockCache.BLOCK);
    Random random = new Random(blocks);
    record Reader(int start, int end, Future<byte[]> result) {}
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int start = random.nextInt(FILE.length);
      int end = start + 1 + random.nextInt(FILE.length - start);
      readers.add(
          new Reader(
              start, end, threads.submit(() -> read(cache, new ByteRange(start, end - start)))));
    }

    for (Reader reader : readers) {
      assertThat(
              Arrays.equals(
                  reader.result().get(20, TimeUnit.SECONDS),
                  Arrays.copyOfRange(FILE, reader.start(), reader.end())))
          .isTrue();
    }
    Awaitility.await().until(() -> openStreams.get() == 0);
  }

  private byte[] read(BlockCache cache, ByteRange range) throws IOException {
    return read(cache, range, this::open);
  }

  private byte[] read(BlockCache cache, ByteRange range, BlockRead.Origin origin)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (BlockRead read = reader(cache, range, origin)) {
      read.begin();
      read.copyTo(out);
    }
    return out.toByteArray();
  }

  private BlockRead begin(BlockCache cache, ByteRange range) throws IOException {
    BlockRead read = reader(cache, range, this::open);
    read.begin();
    return read;
  }

  private BlockRead reader(BlockCache cache, ByteRange range, BlockRead.Origin origin) {
    return new BlockRead(
        cache, "file", FILE.length, range, origin, (bytes, hit) -> hits.addAndGet(hit ? bytes : 0));
  }

  private InputStream open(ByteRange range) {
    originRequests.incrementAndGet();
    openStreams.incrementAndGet();
    return new ByteArrayInputStream(FILE, (int) range.start(), (int) range.length()) {
      @Override
      public synchronized int read(byte[] bytes, int offset, int length) {
        int count = super.read(bytes, offset, Math.min(length, 100_000));
        originBytes.addAndGet(Math.max(0, count));
        return count;
      }

      @Override
      public void close() {
        openStreams.decrementAndGet();
      }
    };
  }

  /** A client that takes a little and then nothing for long. */
  private static final class WaitingStream extends OutputStream {
    private final CountDownLatch begun;
    private final CountDownLatch goOn;

    WaitingStream(CountDownLatch begun, CountDownLatch goOn) {
      this.begun = begun;
      this.goOn = goOn;
    }

    @Override
    public void write(int one) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      begun.countDown();
      try {
        goOn.await(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }
}
