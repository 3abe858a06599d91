package io.llmaz.loader;

import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Hashes a file while another thread reads the network and writes the disk, or on that thread. A
 * fixed set of buffers goes round: the producer takes a free one, fills it and hands it over; the
 * hasher gives it back. For one producer.
 *
 * <p>A thread of its own halves the time of a file that is alone. Where other files keep the
 * processors busy it only costs: the bytes are then hashed where they are, in the producer's cache.
 */
final class HashPipe implements AutoCloseable {
  private static final int BUFFER_SIZE = 256 * 1024;
  private static final int BUFFERS = 4;
  private static final int END = -1;

  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(BUFFERS + 1);
  private final Optional<ContentHasher> hasher;
  private final @Nullable Thread thread;

  private static final class Chunk {
    private final byte[] bytes;
    private final int length;

    Chunk(byte[] bytes, int length) {
      this.bytes = bytes;
      this.length = length;
    }
  }

  /**
   * Starts the thread, if it is to have one.
   *
   * @param digest what the result will be compared with; empty: bytes only pass
   */
  HashPipe(Optional<Digest> digest, long size, boolean ownThread) {
    hasher = digest.map(expected -> ContentHasher.of(expected.algorithm(), size));
    int length = Math.clamp(size, 1, BUFFER_SIZE);
    for (int i = 0; i < (ownThread && length == BUFFER_SIZE ? BUFFERS : 1); i++) {
      free.add(new byte[length]);
    }
    thread = ownThread ? Thread.ofPlatform().daemon().name("hash").start(this::hash) : null;
  }

  private void hash() {
    try {
      for (Chunk chunk = full.take(); chunk.length != END; chunk = full.take()) {
        hash(chunk.bytes, chunk.length);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void hash(byte[] bytes, int length) throws InterruptedException {
    if (hasher.isPresent()) {
      hasher.get().update(bytes, 0, length);
    }
    free.put(bytes);
  }

  /**
   * A buffer to fill; each must come back by {@link #pass}.
   *
   * @throws InterruptedIOException when this thread is interrupted
   */
  byte[] buffer() throws IOException {
    try {
      return free.take();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Hands over what a buffer holds; zero bytes only give it back.
   *
   * @throws InterruptedIOException when this thread is interrupted
   */
  void pass(byte[] buffer, int length) throws IOException {
    try {
      if (thread == null) {
        hash(buffer, length);
      } else {
        full.put(new Chunk(buffer, length));
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * The digest of all that passed, when it is through. Call once.
   *
   * @throws InterruptedIOException when this thread is interrupted
   */
  Optional<Digest> finish() throws IOException {
    try {
      if (thread != null) {
        full.put(new Chunk(new byte[0], END));
        thread.join();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return hasher.map(ContentHasher::digest);
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException e = new InterruptedIOException("stopped");
    e.initCause(cause);
    return e;
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
