package io.llmaz.local.engine.transfer;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.local.engine.scheduling.PeerConversation;
import io.llmaz.local.engine.store.PieceWriter;
import io.llmaz.local.engine.store.StoreFullException;
import io.llmaz.local.engine.store.StoredPiece;
import io.llmaz.local.engine.store.TaskContent;
import io.llmaz.local.engine.transfer.TransferException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Reads a task's missing pieces from its source: a few workers take pieces in order, one range
 * request a piece. What is transient (no answer, 429, 5xx, a body that breaks off) is tried again
 * after a jittered pause, a bounded number of times. A source without ranges is read from its first
 * byte to its last in one go.
 */
final class SourceFetch {
  private static final long FIRST_PAUSE_MILLIS = 200;

  private final TaskContent content;
  private final Source source;
  private final Download download;
  private final @Nullable PeerConversation conversation;
  private final TransferSettings settings;
  private @Nullable Exception failure;

  SourceFetch(
      TaskContent content,
      Source source,
      Download download,
      @Nullable PeerConversation conversation,
      TransferSettings settings) {
    this.content = content;
    this.source = source;
    this.download = download;
    this.conversation = conversation;
    this.settings = settings;
  }

  /** Reads everything that is missing, or fails with the first failure that lasted. */
  void fetch(boolean ranges) throws IOException, InterruptedException {
    if (!ranges) {
      readInOrder();
      return;
    }
    Iterator<Integer> missing = content.task().missing().iterator();
    List<Thread> workers = new ArrayList<>();
    try {
      for (int i = 0; i < settings.concurrentPieces(); i++) {
        workers.add(Thread.ofVirtual().name("source-worker").start(() -> work(missing)));
      }
      for (Thread worker : workers) {
        worker.join();
      }
    } finally {
      workers.forEach(Thread::interrupt);
    }
    switch (failure()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case InterruptedException e -> throw e;
      case Exception e -> throw new IllegalStateException(e);
    }
  }

  private void work(Iterator<Integer> missing) {
    try {
      Integer number;
      while ((number = next(missing)) != null) {
        readPiece(number);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      synchronized (this) {
        if (failure == null) {
          failure = e;
        }
      }
    }
  }

  private synchronized @Nullable Exception failure() {
    return failure;
  }

  private synchronized @Nullable Integer next(Iterator<Integer> missing) {
    return failure == null && missing.hasNext() ? missing.next() : null;
  }

  private void readPiece(int number) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      long start = System.nanoTime();
      try (PieceWriter writer = content.write(number)) {
        source.read(
            download.getUrl(),
            download.getRequestHeaderMap(),
            content.task().layout().offset(number),
            content.task().layout().contentLength(),
            writer);
        report(writer.commit(null, true), start);
        return;
      } catch (StoreFullException e) {
        throw e;
      } catch (TransferException e) {
        reportFailure(number, e.sourceStatus(), String.valueOf(e.getMessage()));
        if (attempt >= settings.sourceAttempts() || !transientStatus(e.sourceStatus())) {
          throw e;
        }
      } catch (IOException e) {
        reportFailure(number, 0, String.valueOf(e.getMessage()));
        if (attempt >= settings.sourceAttempts()) {
          throw new TransferException(Reason.SOURCE, "the source broke off: " + e.getMessage(), e);
        }
      }
      Thread.sleep(ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MILLIS << attempt));
    }
  }

  private void readInOrder() throws IOException, InterruptedException {
    try (InputStream body = source.open(download.getUrl(), download.getRequestHeaderMap())) {
      for (int number = 0; number < content.task().layout().count(); number++) {
        if (content.task().piece(number).isPresent()) {
          body.skipNBytes(content.task().layout().length(number));
          continue;
        }
        long start = System.nanoTime();
        try (PieceWriter writer = content.write(number)) {
          source.copy(body, writer);
          report(writer.commit(null, true), start);
        }
      }
    } catch (StoreFullException e) {
      throw e;
    } catch (IOException e) {
      throw new TransferException(Reason.SOURCE, "the source broke off: " + e.getMessage(), e);
    }
  }

  private void report(StoredPiece piece, long start) {
    if (conversation != null) {
      conversation.sourcePieceFinished(
          piece.number(),
          content.task().layout().offset(piece.number()),
          content.task().layout().length(piece.number()),
          piece.digest(),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private void reportFailure(int number, int status, String message) {
    if (conversation != null) {
      conversation.sourcePieceFailed(number, status, message);
    }
  }

  private static boolean transientStatus(int status) {
    return status == 0 || status == 408 || status == 429 || status >= 500;
  }
}
