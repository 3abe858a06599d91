package io.llmaz.loader;

import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Hashes a file on a thread of its own while another reads the network and writes the disk. A fixed
 * set of buffers goes round: the producer takes a free one, fills it and hands it over; the hasher
 * gives it back. For one producer.
 */
final class HashPipe implements AutoCloseable {
  private static final int BUFFER_SIZE = 128 * 1024;
  private static final int BUFFERS = 4;
  private static final int END = -1;

  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(BUFFERS + 1);
  private final Optional<ContentHasher> hasher;
  private final Thread thread;

  private static final class Chunk {
    private final byte[] bytes;
    private final int length;

    Chunk(byte[] bytes, int length) {
      this.bytes = bytes;
      this.length = length;
    }
  }

  /**
   * Starts the thread.
   *
   * @param digest what the result will be compared with; empty: bytes only pass
   */
  HashPipe(Optional<Digest> digest, long size) {
    hasher = digest.map(expected -> ContentHasher.of(expected.algorithm(), size));
    int length = Math.clamp(size, 1, BUFFER_SIZE);
    for (int i = 0; i < (length < BUFFER_SIZE ? 1 : BUFFERS); i++) {
      free.add(new byte[length]);
    }
    thread = Thread.ofPlatform().daemon().name("hash").start(this::hash);
  }

  private void hash() {
    try {
      for (Chunk chunk = full.take(); chunk.length != END; chunk = full.take()) {
        if (hasher.isPresent()) {
          hasher.get().update(chunk.bytes, 0, chunk.length);
        }
        free.put(chunk.bytes);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
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
      full.put(new Chunk(buffer, length));
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
      full.put(new Chunk(new byte[0], END));
      thread.join();
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
    thread.interrupt();
  }
}
