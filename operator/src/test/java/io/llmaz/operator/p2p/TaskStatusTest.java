package io.llmaz.operator.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.llmaz.api.Conditions;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.P2PTaskStatus;
import io.llmaz.source.Digest;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TaskStatusTest {
  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Manifest MANIFEST =
      new Manifest(
          "hf://a/b",
          "0123456789",
          List.of(ManifestFile.verified("f", 200, Digest.sha256("a".repeat(64)))));

  private final TaskStatus statuses = new TaskStatus(Duration.ofSeconds(10));

  @Test
  void next_halfWay_showsProgressAndIsNotReady() {
    Snapshot half = snapshot(Snapshot.Phase.DISTRIBUTING, 100, Optional.empty());

    P2PTaskStatus status =
        statuses.next(task(P2PTaskSpec.Fallback.Allowed), half, CREATED.plusSeconds(2));

    assertThat(status.progress()).isEqualTo("50%");
    assertThat(status.shortRevision()).isEqualTo("0123456");
    assertThat(ready(status).getStatus()).isEqualTo("False");
  }

  @Test
  void next_done_isReadyAndAccelerated() {
    Snapshot done = snapshot(Snapshot.Phase.DONE, 200, Optional.empty());

    P2PTaskStatus status =
        statuses.next(task(P2PTaskSpec.Fallback.Allowed), done, CREATED.plusSeconds(2));

    assertThat(ready(status).getReason()).isEqualTo("Distributed");
    assertThat(Conditions.isTrue(status.conditions(), "Accelerated")).isTrue();
    assertThat(status.origin()).isEqualTo(new P2PTaskStatus.Origin(200, "1.00"));
  }

  @Test
  void next_engineAwayForAMoment_waits() {
    assertThat(readyAfter(trouble(false), 5, P2PTaskSpec.Fallback.Allowed).getStatus())
        .isEqualTo("False");
  }

  @Test
  void next_engineAwayLonger_fallsBackAndSaysWhy() {
    Condition ready = readyAfter(trouble(false), 12, P2PTaskSpec.Fallback.Allowed);

    assertThat(ready.getReason()).isEqualTo("FallbackToSource");
    assertThat(ready.getMessage()).contains("no seed answers");
  }

  @Test
  void next_engineAwayAndFallbackForbidden_isNeverReady() {
    assertThat(readyAfter(trouble(false), 5000, P2PTaskSpec.Fallback.Forbidden).getStatus())
        .isEqualTo("False");
  }

  @Test
  void next_usersError_keepsTheGateShutUntilTheDeadline() {
    assertThat(readyAfter(trouble(true), 1000, P2PTaskSpec.Fallback.Allowed).getStatus())
        .isEqualTo("False");
    assertThat(readyAfter(trouble(true), 3601, P2PTaskSpec.Fallback.Allowed).getReason())
        .isEqualTo("FallbackToSource");
  }

  @Test
  void next_fallenBackThenDone_recovers() {
    P2PTask task = task(P2PTaskSpec.Fallback.Allowed);
    task.setStatus(statuses.next(task, trouble(false), CREATED.plusSeconds(12)));

    P2PTaskStatus status =
        statuses.next(
            task, snapshot(Snapshot.Phase.DONE, 200, Optional.empty()), CREATED.plusSeconds(20));

    assertThat(ready(status).getReason()).isEqualTo("Distributed");
  }

  @Test
  void lookAgain_inTrouble_isWhenTheFallbackBegins() {
    assertThat(
            statuses.lookAgain(
                task(P2PTaskSpec.Fallback.Allowed), trouble(false), CREATED.plusSeconds(4)))
        .hasValueSatisfying(
            pause -> assertThat(pause).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(7)));
  }

  private Condition readyAfter(Snapshot snapshot, long seconds, P2PTaskSpec.Fallback fallback) {
    return ready(statuses.next(task(fallback), snapshot, CREATED.plusSeconds(seconds)));
  }

  private static Snapshot trouble(boolean users) {
    return snapshot(
        Snapshot.Phase.DISTRIBUTING,
        100,
        Optional.of(new Snapshot.Trouble("EngineUnavailable", "no seed answers", users, CREATED)));
  }

  private static Snapshot snapshot(
      Snapshot.Phase phase, long bytes, Optional<Snapshot.Trouble> trouble) {
    return new Snapshot(
        phase,
        Optional.of(MANIFEST),
        bytes == 200 ? 1 : 0,
        bytes,
        bytes,
        Optional.of(CREATED),
        trouble);
  }

  private static Condition ready(P2PTaskStatus status) {
    return Conditions.find(status.conditions(), "Ready").orElseThrow();
  }

  private static P2PTask task(P2PTaskSpec.Fallback fallback) {
    return TestingTasks.task("model-m", fallback);
  }
}
