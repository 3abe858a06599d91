package io.llmaz.operator.p2p;

import io.fabric8.kubernetes.api.model.Condition;
import io.llmaz.api.Conditions;
import io.llmaz.api.Names;
import io.llmaz.api.model.ModelHub;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskConditions;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.P2PTaskStatus;
import io.llmaz.source.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a task's status should be: a pure function of the task, its distribution and now.
 *
 * <p>Ready opens the gate. It is True when every byte is on a seed, and also, unless the task
 * forbids it, when P2P cannot do it for now: the engine or the gateway has been away for a moment,
 * or the deadline passed. Then loaders go to the source ({@code FallbackToSource}) while the
 * distribution goes on trying, and {@code Accelerated} says why. What only the user can mend (no
 * such model, no access) keeps the gate shut until the deadline: a loader would meet the same
 * refusal.
 */
final class TaskStatus {
  private final Duration fallbackAfter;

  TaskStatus(Duration fallbackAfter) {
    this.fallbackAfter = fallbackAfter;
  }

  P2PTaskStatus next(P2PTask task, Snapshot snapshot, Instant now) {
    P2PTaskStatus before = Optional.ofNullable(task.getStatus()).orElse(P2PTaskStatus.empty());
    long generation = task.getMetadata().getGeneration();
    if (checksAgain(before, generation, snapshot)) {
      return before;
    }
    Optional<Manifest> manifest = snapshot.manifest();
    boolean done = snapshot.phase() == Snapshot.Phase.DONE;
    boolean flowing = snapshot.phase() == Snapshot.Phase.DISTRIBUTING;
    long total = manifest.map(Manifest::totalSize).orElse(0L);
    // The gateway counts from its own start: what was read before it came up again was read.
    long originBytes =
        Math.max(before.origin() == null ? 0 : before.origin().bytes(), snapshot.originBytes());
    Optional<Double> rate =
        flowing
            ? snapshot.begun().map(begun -> rate(snapshot.bytes(), begun, now))
            : Optional.empty();

    return new P2PTaskStatus(
        generation,
        conditions(task, before.conditions(), snapshot, now),
        task.getSpec().image() != null ? "image" : "model",
        manifest.map(Manifest::source).orElseGet(() -> sourceText(task.getSpec())),
        manifest.map(Manifest::revision).orElse(null),
        manifest.map(m -> shortRevision(m.revision())).orElse(null),
        manifest.map(m -> ByteText.of(m.totalSize())).orElse(null),
        Optional.ofNullable(before.startTime())
            .or(() -> snapshot.begun().map(Instant::toString))
            .orElse(null),
        done ? Optional.ofNullable(before.completionTime()).orElse(now.toString()) : null,
        manifest
            .map(
                m -> new P2PTaskStatus.FileCount(m.files().size(), snapshot.files(), unverified(m)))
            .orElse(null),
        manifest.map(m -> new P2PTaskStatus.ByteCount(total, snapshot.bytes())).orElse(null),
        manifest.map(m -> percent(snapshot.bytes(), total) + "%").orElse(null),
        rate.map(perSecond -> ByteText.of(Math.round(perSecond)) + "/s").orElse(null),
        rate.filter(perSecond -> perSecond > 0)
            .map(perSecond ->
                now.plusSeconds(Math.round((total - snapshot.bytes()) / perSecond)).toString())
            .orElse(null),
        snapshot.phase() == Snapshot.Phase.RESOLVING
            ? before.origin()
            : new P2PTaskStatus.Origin(originBytes, amplification(originBytes, total)),
        null,
        manifest
            .map(m ->
                new P2PTaskStatus.ManifestReference(
                    Names.manifestConfigMap(task.getMetadata().getName())))
            .orElse(null));
  }

  /**
   * Whether an operator that was started again is asking seeds for what they had: until it knows
   * better, what was done is done.
   */
  private static boolean checksAgain(P2PTaskStatus before, long generation, Snapshot snapshot) {
    return Conditions.isTrueNow(before.conditions(), P2PTaskConditions.DISTRIBUTED, generation)
        && snapshot.phase() != Snapshot.Phase.DONE
        && snapshot.trouble().isEmpty();
  }

  private List<Condition> conditions(
      P2PTask task, List<Condition> before, Snapshot snapshot, Instant now) {
    long generation = task.getMetadata().getGeneration();
    Optional<Snapshot.Trouble> trouble = snapshot.trouble();
    boolean done = snapshot.phase() == Snapshot.Phase.DONE;
    boolean resolved = snapshot.manifest().isPresent();
    String why = trouble.map(Snapshot.Trouble::reason).orElse("InProgress");
    String what = trouble.map(Snapshot.Trouble::message).orElseGet(() -> doing(snapshot));

    List<Condition> next =
        Conditions.with(
            before,
            P2PTaskConditions.RESOLVED,
            resolved,
            resolved ? "Resolved" : why,
            resolved
                ? snapshot
                    .manifest()
                    .map(m -> m.files().size() + " files at " + m.revision())
                    .orElse("")
                : what,
            generation,
            now);
    next =
        Conditions.with(
            next,
            P2PTaskConditions.DISTRIBUTED,
            done,
            done ? "Distributed" : why,
            done ? "Every byte is on a seed peer" : what,
            generation,
            now);
    next =
        Conditions.with(
            next,
            P2PTaskConditions.ACCELERATED,
            done,
            done ? "Distributed" : why,
            done ? "Loaders get the bytes from peers" : what,
            generation,
            now);
    boolean fallenBack = !done && fallsBack(task, snapshot, now);
    return Conditions.with(
        next,
        P2PTaskConditions.READY,
        done || fallenBack,
        done ? "Distributed" : fallenBack ? P2PTaskConditions.FALLBACK_TO_SOURCE : why,
        done
            ? "Every byte is on a seed peer"
            : fallenBack ? "Loaders go to the source, because: " + what : what,
        generation,
        now);
  }

  /** Whether loaders should go to the source for now. Once they were let, they stay let. */
  private boolean fallsBack(P2PTask task, Snapshot snapshot, Instant now) {
    if (task.getSpec().fallback() == P2PTaskSpec.Fallback.Forbidden) {
      return false;
    }
    List<Condition> before =
        Optional.ofNullable(task.getStatus()).map(P2PTaskStatus::conditions).orElse(List.of());
    boolean already = Conditions.isTrue(before, P2PTaskConditions.READY);
    boolean late = !now.isBefore(deadline(task));
    boolean away =
        snapshot
            .trouble()
            .filter(t -> !t.users())
            .filter(t -> !now.isBefore(t.since().plus(fallbackAfter)))
            .isPresent();
    return already || late || away;
  }

  /** When to look again though nothing happened: the next moment that changes the answer. */
  Optional<Duration> lookAgain(P2PTask task, Snapshot snapshot, Instant now) {
    if (snapshot.phase() == Snapshot.Phase.DONE) {
      return Optional.empty();
    }
    Instant next = deadline(task);
    if (snapshot.trouble().isPresent()) {
      Instant away = snapshot.trouble().get().since().plus(fallbackAfter);
      next = away.isAfter(now) && away.isBefore(next) ? away : next;
    }
    return next.isAfter(now)
        ? Optional.of(Duration.between(now, next).plusMillis(1))
        : Optional.empty();
  }

  private static Instant deadline(P2PTask task) {
    long seconds = Optional.ofNullable(task.getSpec().deadlineSeconds()).orElse(3600L);
    return Instant.parse(task.getMetadata().getCreationTimestamp()).plusSeconds(seconds);
  }

  private static String doing(Snapshot snapshot) {
    return snapshot
        .manifest()
        .filter(m -> snapshot.phase() != Snapshot.Phase.RESOLVING)
        .map(m ->
            "%s of %s are on a seed peer"
                .formatted(ByteText.of(snapshot.bytes()), ByteText.of(m.totalSize())))
        .orElse("Asking the source which files there are");
  }

  private static String sourceText(P2PTaskSpec spec) {
    if (spec.image() != null) {
      return spec.image().reference();
    }
    var source = Objects.requireNonNull(spec.model()).source();
    ModelHub hub = source.modelHub();
    if (hub == null) {
      return String.valueOf(source.uri());
    }
    return (ModelHub.MODEL_SCOPE.equals(hub.name()) ? "modelscope://" : "hf://") + hub.modelId();
  }

  private static String shortRevision(String revision) {
    String hex = revision.substring(revision.indexOf(':') + 1);
    return hex.substring(0, Math.min(7, hex.length()));
  }

  private static @Nullable Long unverified(Manifest manifest) {
    long count = manifest.files().stream().filter(file -> file.digest() == null).count();
    return count == 0 ? null : count;
  }

  private static long percent(long bytes, long total) {
    return total == 0 ? 100 : bytes * 100 / total;
  }

  private static double rate(long bytes, Instant begun, Instant now) {
    return bytes / Math.max(0.5, Duration.between(begun, now).toMillis() / 1000.0);
  }

  private static String amplification(long originBytes, long total) {
    return total == 0 ? "0.00" : String.format(Locale.ROOT, "%.2f", (double) originBytes / total);
  }
}
