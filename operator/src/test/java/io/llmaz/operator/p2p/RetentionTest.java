package io.llmaz.operator.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.api.Labels;
import io.llmaz.api.p2p.ImageTask;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.P2PTaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RetentionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void expired_doneLongAgoButUnusedForAMoment_isFalse() {
    Retention retention = retention(DAY, NOW.minusSeconds(60).toString());

    assertThat(retention.expired(NOW)).isFalse();
    assertThat(retention.expired(NOW.plus(DAY))).isTrue();
  }

  @Test
  void expired_neverSeenUnused_isFalse() {
    assertThat(retention(Duration.ZERO, null).expired(NOW)).isFalse();
  }

  @Test
  void unusedSince_ofAnAnnotationThatIsNoTime_isEmpty() {
    assertThat(retention(DAY, "yesterday").unusedSince()).isEmpty();
  }

  @Test
  void lookAgain_ofAnyTimeToLive_isATenthWithinBounds() {
    assertThat(retention(Duration.ZERO, null).lookAgain()).isEqualTo(Duration.ofSeconds(1));
    assertThat(retention(Duration.ofMinutes(10), null).lookAgain())
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(retention(DAY, null).lookAgain()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void of_aModelsOrAnUnfinishedTask_isEmpty() {
    P2PTask model = TestingTasks.task("model-m", P2PTaskSpec.Fallback.Allowed);

    assertThat(Retention.of(model, done())).isEmpty();
    assertThat(Retention.of(image(DAY), P2PTaskStatus.empty())).isEmpty();
    assertThat(Retention.of(image(DAY), null)).isEmpty();
  }

  private static Retention retention(Duration timeToLive, @Nullable String unusedSince) {
    P2PTask task = image(timeToLive);
    if (unusedSince != null) {
      task.getMetadata().setAnnotations(Map.of(Labels.UNUSED_SINCE, unusedSince));
    }
    return Retention.of(task, done()).orElseThrow();
  }

  private static P2PTask image(Duration timeToLive) {
    P2PTask task = TestingTasks.task("image-i", P2PTaskSpec.Fallback.Allowed);
    task.setSpec(
        new P2PTaskSpec(
            null, new ImageTask("a/b:v1", null), null, null, null, 3600L, timeToLive.toSeconds()));
    return task;
  }

  private static P2PTaskStatus done() {
    return new P2PTaskStatus(
        1L,
        null,
        "image",
        null,
        null,
        null,
        null,
        null,
        "2025-12-01T00:00:00Z",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
