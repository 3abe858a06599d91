package io.llmaz.operator;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.IndexedResourceCache;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.p2p.P2PTask;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code llmaz_operator_objects}: how many objects of a kind have a condition of this status for
 * this reason, counted in the caches when somebody asks. What no object says any more is gone.
 *
 * <p>Safe for many threads.
 */
final class ObjectGauges {
  private final MultiGauge gauge;
  private final List<IndexedResourceCache<? extends HasMetadata>> caches = new ArrayList<>();

  private record Saying(String kind, String condition, String status, String reason) {
    Tags tags() {
      return Tags.of("kind", kind, "condition", condition, "status", status, "reason", reason);
    }
  }

  ObjectGauges(MeterRegistry metrics) {
    gauge =
        MultiGauge.builder("llmaz.operator.objects")
            .description("Objects that have this condition")
            .register(metrics);
  }

  /** Counts a kind's objects too. */
  synchronized void watch(IndexedResourceCache<? extends HasMetadata> cache) {
    caches.add(cache);
  }

  /** Counts. */
  synchronized void measure() {
    Map<Saying, Long> counts =
        caches.stream()
            .flatMap(cache -> cache.list(object -> true))
            .flatMap(ObjectGauges::sayings)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    gauge.register(
        counts.entrySet().stream()
            .map(entry -> MultiGauge.Row.of(entry.getKey().tags(), entry.getValue()))
            .toList(),
        true);
  }

  private static Stream<Saying> sayings(HasMetadata object) {
    return conditions(object).stream()
        .map(condition ->
            new Saying(
                object.getKind(),
                condition.getType(),
                condition.getStatus(),
                Optional.ofNullable(condition.getReason()).orElse("")));
  }

  private static List<Condition> conditions(HasMetadata object) {
    return switch (object) {
      case Playground p when p.getStatus() != null -> p.getStatus().conditions();
      case InferenceService s when s.getStatus() != null -> s.getStatus().conditions();
      case OpenModel m when m.getStatus() != null -> m.getStatus().conditions();
      case BackendRuntime b when b.getStatus() != null -> b.getStatus().conditions();
      case P2PTask t when t.getStatus() != null -> t.getStatus().conditions();
      default -> List.of();
    };
  }
}
