package io.llmaz.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One read of a source's range for everybody who asks for it while it goes on. A thread of its own
 * fills the chunks; each reader takes them in order, at its own pace. The chunks live as long as
 * the slowest reader, so only ranges of a piece's size are shared.
 */
final class SharedRead {
  private static final int CHUNK = 128 * 1024;

  private final List<byte[]> chunks = new ArrayList<>();
  private boolean complete;
  private @Nullable IOException failure;

  /** Reads a stream to its end and closes it. */
  void fill(InputStream stream) {
    try (stream) {
      while (true) {
        byte[] chunk = stream.readNBytes(CHUNK);
        if (chunk.length == 0) {
          end(null);
          return;
        }
        add(chunk);
      }
    } catch (IOException e) {
      end(e);
    } catch (RuntimeException e) {
      // Whatever it is, those who wait must not wait on.
      end(new IOException(e.getMessage(), e));
    }
  }

  /** Ends it for everybody. */
  synchronized void end(@Nullable IOException why) {
    failure = why;
    complete = true;
    notifyAll();
  }

  private synchronized void add(byte[] chunk) {
    chunks.add(chunk);
    notifyAll();
  }

  /**
   * Writes everything as it comes.
   *
   * @throws IOException when the source failed or the reader went away
   */
  void copyTo(OutputStream out) throws IOException {
    for (int next = 0; ; next++) {
      byte[] chunk = await(next);
      if (chunk == null) {
        return;
      }
      out.write(chunk);
    }
  }

  private synchronized byte @Nullable [] await(int index) throws IOException {
    try {
      while (index >= chunks.size() && !complete) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (index < chunks.size()) {
      return chunks.get(index);
    }
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    return null;
  }
}
