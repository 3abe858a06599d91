package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Probe;
import java.util.Objects;

/**
 * How many results in a row turn a probe's verdict, with Kubernetes' defaults. Used by one thread.
 */
final class Thresholds {
  private final int successes;
  private final int failures;
  private boolean passing;
  private int streak;
  private boolean lastResult;

  Thresholds(Probe probe, boolean passingAtFirst) {
    this.successes = Objects.requireNonNullElse(probe.getSuccessThreshold(), 1);
    this.failures = Objects.requireNonNullElse(probe.getFailureThreshold(), 3);
    this.passing = passingAtFirst;
  }

  /** Takes a result. */
  void add(boolean success) {
    streak = success == lastResult ? streak + 1 : 1;
    lastResult = success;
    if (success && streak >= successes) {
      passing = true;
    } else if (!success && streak >= failures) {
      passing = false;
    }
  }

  /** The verdict. */
  boolean isPassing() {
    return passing;
  }

  /** Whether the failures in a row are as many as are allowed. */
  boolean isExhausted() {
    return !lastResult && streak >= failures;
  }
}
