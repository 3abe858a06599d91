package io.llmaz.dragonfly;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.common.TrafficType;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskResponse;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskStartedResponse;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Adds up what a seed tells of one download: first how long the file is, then each piece once. A
 * piece that is told twice counts once, and pieces of a file that was whole before count as read
 * from nowhere. Belongs to one thread.
 */
final class TransferProgress {
  private final String taskId;
  private final Set<Integer> pieces = new HashSet<>();
  private long contentLength = -1;
  private long completed;
  private long fromSource;
  private boolean wasFinished;

  TransferProgress(String taskId) {
    this.taskId = taskId;
  }

  /**
   * Takes one message.
   *
   * @return how far the download is; empty before its first message
   * @throws EngineException when it cannot be part of this download
   */
  Optional<Progress> add(DownloadTaskResponse message) {
    if (!message.getTaskId().isEmpty() && !message.getTaskId().equals(taskId)) {
      throw broken("speaks of task " + message.getTaskId() + " where it was asked for " + taskId);
    }
    switch (message.getResponseCase()) {
      case DOWNLOAD_TASK_STARTED_RESPONSE -> started(message.getDownloadTaskStartedResponse());
      case DOWNLOAD_PIECE_FINISHED_RESPONSE ->
          finished(message.getDownloadPieceFinishedResponse().getPiece());
      case RESPONSE_NOT_SET -> {
        // A message of a newer protocol.
      }
    }
    return begun() ? Optional.of(now()) : Optional.empty();
  }

  /** Whether the seed said anything about the file. */
  boolean begun() {
    return contentLength >= 0;
  }

  /**
   * The end of the stream without an error.
   *
   * @throws EngineException when bytes are missing
   */
  Progress end() {
    if (!begun()) {
      throw broken("ended the download before it began");
    }
    if (wasFinished) {
      completed = contentLength;
    }
    if (completed != contentLength) {
      throw broken("ended the download after %d of %d bytes".formatted(completed, contentLength));
    }
    return now();
  }

  private Progress now() {
    return new Progress(taskId, contentLength, completed, fromSource);
  }

  private void started(DownloadTaskStartedResponse started) {
    if (started.getContentLength() < 0) {
      throw broken("tells a length that is none");
    }
    contentLength = started.getContentLength();
    wasFinished = started.getIsFinished();
  }

  private void finished(Piece piece) {
    if (!begun()) {
      throw broken("tells pieces before it began");
    }
    if (!pieces.add(piece.getNumber())) {
      return;
    }
    if (piece.getLength() < 0 || piece.getLength() > contentLength - completed) {
      throw broken("tells more bytes than the file has");
    }
    completed += piece.getLength();
    if (!wasFinished
        && piece.hasTrafficType()
        && piece.getTrafficType() == TrafficType.BACK_TO_SOURCE) {
      fromSource += piece.getLength();
    }
  }

  private static EngineException broken(String what) {
    return new EngineException(EngineException.Reason.FAILED, "the seed " + what);
  }
}
