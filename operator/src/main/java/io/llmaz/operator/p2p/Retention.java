package io.llmaz.operator.p2p;

import io.llmaz.api.Labels;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long an image's task is kept: its time to live, from when nobody used it any more. That
 * moment is kept in an annotation, so that it outlives the operator. A pure function of the task.
 *
 * @param timeToLive of the task
 * @param unusedSince empty while it is used, and before it was looked at
 */
record Retention(Duration timeToLive, Optional<Instant> unusedSince) {
  private static final Duration SHORTEST_LOOK = Duration.ofSeconds(1);
  private static final Duration LONGEST_LOOK = Duration.ofMinutes(5);

  /**
   * Of a task that may be removed one day: an image's, with a time to live, that is done.
   *
   * @param status its own, or the one it is about to get
   */
  static Optional<Retention> of(P2PTask task, @Nullable P2PTaskStatus status) {
    Long seconds = task.getSpec().ttlSecondsAfterFinished();
    if (task.getSpec().image() == null
        || seconds == null
        || status == null
        || status.completionTime() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Retention(
            Duration.ofSeconds(seconds),
            Optional.ofNullable(task.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Labels.UNUSED_SINCE))
                .flatMap(Retention::time)));
  }

  boolean expired(Instant now) {
    return unusedSince.filter(since -> !now.isBefore(since.plus(timeToLive))).isPresent();
  }

  /** After how long to look whether it is used: caches alone are asked. */
  Duration lookAgain() {
    Duration tenth = timeToLive.dividedBy(10);
    return tenth.compareTo(SHORTEST_LOOK) < 0
        ? SHORTEST_LOOK
        : tenth.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : tenth;
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty(); // Somebody wrote into our annotation; it is made anew.
    }
  }
}
