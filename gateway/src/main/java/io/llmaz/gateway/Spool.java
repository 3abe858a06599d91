package io.llmaz.gateway;

import io.llmaz.source.ByteRange;
import io.llmaz.source.ContentHasher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read from sources last, on disk. Memory ({@link BlockCache}) is for readers at roughly
 * the same time; this is for what is asked again later: by nodes when the only seed died with what
 * it had not passed on, each at its own pace, or by the seed when this process died under it.
 *
 * <ul>
 *   <li>Blocks that came whole from a source are written by one thread, beside the readers. When
 *       the disk does not follow, blocks are left out, and nobody waits for it.
 *   <li>What is there is checked against its checksum when it is read. Whatever goes wrong with the
 *       disk costs a read of the source, never a reader.
 *   <li>The segments ({@link SpoolSegment}) that were used least recently go when it is full.
 *   <li>A next process finds what the last one kept, also when that was killed.
 * </ul>
 *
 * Safe for many threads. A directory belongs to one process.
 */
final class Spool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Spool.class);
  private static final int WAITING_BLOCKS = 32; // They stay in memory so long.

  private record Write(String key, Block block, Runnable done) {}

  private final SpoolDirectory directory;
  private final BlockingQueue<Write> writes = new ArrayBlockingQueue<>(WAITING_BLOCKS);
  private final Thread writer = Thread.ofPlatform().name("spool").daemon().unstarted(this::work);
  private final Counter read;
  private final Counter written;
  private final Counter leftOut;
  private boolean failing;

  /**
   * Opens a directory, with what a former process kept there.
   *
   * @param bytes of blocks that it holds at most
   * @throws UncheckedIOException when the directory cannot be used, or another process does
   */
  Spool(Path directory, long bytes, MeterRegistry metrics) {
    this.read = metrics.counter("llmaz.gateway.spool.read.bytes");
    this.written = metrics.counter("llmaz.gateway.spool.written.bytes");
    this.leftOut = metrics.counter("llmaz.gateway.spool.left.out.bytes");
    try {
      this.directory = new SpoolDirectory(directory, bytes / BlockCache.BLOCK);
    } catch (IOException e) {
      throw new UncheckedIOException("the spool " + directory + " cannot be used: " + e, e);
    }
    Gauge.builder(
            "llmaz.gateway.spool.size.bytes",
            this.directory,
            kept -> (double) kept.storedBlocks() * BlockCache.BLOCK)
        .register(metrics);
    log.info(
        "spool {} holds {} blocks of former processes", directory, this.directory.storedBlocks());
    writer.start();
  }

  /**
   * A file's source with this in front of it.
   *
   * @param file its content key
   * @param size of the whole file
   */
  BlockRead.Origin over(String file, long size, BlockRead.Origin source) {
    String key = ContentHasher.sha256(file);
    return new BlockRead.Origin() {
      @Override
      public InputStream open(ByteRange range) {
        return new SpoolRead(directory, read::increment, key, size, range, source);
      }

      @Override
      public void arrived(Block block, Runnable done) {
        keep(key, block, done);
      }
    };
  }

  /** Drops a file of which somebody found bytes to be wrong. */
  void forget(String file) {
    directory.forget(ContentHasher.sha256(file));
  }

  private void keep(String key, Block block, Runnable done) {
    if (directory.find(key, block.index()).isPresent()) {
      done.run();
    } else if (!writes.offer(new Write(key, block, done))) {
      leftOut.increment(block.length());
      done.run();
    }
  }

  private void work() {
    try {
      while (true) {
        Write write = writes.take();
        try {
          store(write.key(), write.block());
          tell(null);
        } catch (IOException e) {
          leftOut.increment(write.block().length());
          tell(e);
        } finally {
          write.done().run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // It was closed.
    }
  }

  private void store(String key, Block block) throws IOException {
    SpoolSegment segment = directory.segment(key, block.index());
    int slot = SpoolDirectory.slot(block.index());
    if (!segment.has(slot)) {
      segment.write(slot, block.bytes(), block.length());
      written.increment(block.length());
      directory.makeRoom(segment);
    }
  }

  /** A disk that is full fails at every block, which is said once. */
  private void tell(@Nullable IOException failure) {
    if (failure != null && !failing) {
      log.warn("spool {} does not keep what is read: {}", directory, failure.toString());
    }
    failing = failure != null;
  }

  @Override
  public void close() {
    writer.interrupt();
    try {
      writer.join();
      directory.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.warn("spool {} cannot be closed: {}", directory, e.toString());
    }
  }
}
