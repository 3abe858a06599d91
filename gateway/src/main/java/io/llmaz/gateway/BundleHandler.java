package io.llmaz.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.llmaz.source.BundleWriter;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * All small files of a task in one answer ({@link BundleWriter}), so that a loader makes one
 * request and not one for each.
 *
 * <p>The files come from memory where they are; the others are read from the source a few at a
 * time, ahead of the writer but never more than {@value #AHEAD} files ahead, so memory is bounded.
 * A file that fails after the headers breaks the answer off: the length says it is not whole.
 */
final class BundleHandler {
  private static final int AHEAD = 8;
  private static final int DEFAULT_LARGEST = 1 << 20;

  private final BlobReader blobs;

  BundleHandler(BlobReader blobs) {
    this.blobs = blobs;
  }

  /** Answers; {@code max} in the query is the size of the largest file that is wanted. */
  void handle(HttpExchange exchange, GatewayTask task, Map<String, String> query)
      throws IOException {
    int largest = largest(query.get("max"));
    List<ManifestFile> files =
        task.manifest().files().stream().filter(file -> file.size() <= largest).toList();
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      Iterator<ManifestFile> rest = files.iterator();
      Deque<Future<byte[]>> ahead = new ArrayDeque<>();
      try {
        fill(ahead, rest, readers, task);
        byte[] first = ahead.isEmpty() ? new byte[0] : take(ahead); // May still have a status.
        exchange.getResponseHeaders().set("Content-Type", BundleWriter.MEDIA_TYPE);
        exchange.sendResponseHeaders(200, BundleWriter.length(files));
        OutputStream out = exchange.getResponseBody();
        BundleWriter bundle = new BundleWriter(out);
        for (int i = 0; i < files.size(); i++) {
          bundle.add(files.get(i).path(), i == 0 ? first : take(ahead));
          fill(ahead, rest, readers, task);
        }
        bundle.end();
      } finally {
        ahead.forEach(future -> future.cancel(true));
      }
    }
  }

  private void fill(
      Deque<Future<byte[]>> ahead,
      Iterator<ManifestFile> rest,
      ExecutorService readers,
      GatewayTask task) {
    while (ahead.size() < AHEAD && rest.hasNext()) {
      ManifestFile file = rest.next();
      ahead.add(readers.submit(() -> blobs.whole(task, file)));
    }
  }

  private static byte[] take(Deque<Future<byte[]>> ahead) throws IOException {
    try {
      return ahead.remove().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException refusal) {
        throw refusal;
      }
      throw new IOException(e.getCause());
    }
  }

  private static int largest(@Nullable String asked) {
    if (asked == null) {
      return DEFAULT_LARGEST;
    }
    try {
      return Math.clamp(Long.parseLong(asked), 0, BundleWriter.LARGEST_FILE);
    } catch (NumberFormatException e) {
      throw new GatewayException(
          400, SourceException.Kind.USER, "max is a number of bytes, not \"" + asked + "\"");
    }
  }
}
