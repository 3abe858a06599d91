package io.llmaz.operator.p2p;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.config.OperatorConfig;
import io.llmaz.operator.event.EventRecorder;
import io.llmaz.operator.nodes.Prefetches;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;

/** The two controllers of this package and what they share, wired. */
public final class P2pControllers implements AutoCloseable {
  private final GatewayClient gateway;
  private final Engines engines;
  private final Prefetches prefetches;
  private final Distributions distributions;
  private final List<Reconciler<? extends HasMetadata>> reconcilers;

  /**
   * @param imageUsed whether somebody uses the image of a reference, or may
   */
  public P2pControllers(
      KubernetesClient client,
      OperatorConfig config,
      GlobalConfigs configs,
      Predicate<String> imageUsed,
      EventRecorder events,
      MeterRegistry metrics,
      Clock clock) {
    gateway = new GatewayClient(configs, config.gatewayTokenFile());
    engines = new Engines(configs);
    prefetches =
        new Prefetches(
            client, configs, engines::nodes, config.concurrentNodeFiles(), events, metrics, clock);
    distributions =
        new Distributions(
            gateway,
            new ManifestStore(client, config.namespace()),
            engines,
            new TransferBudget(config.concurrentFiles(), config.concurrentBytes()),
            prefetches,
            clock);
    reconcilers =
        List.of(
            new OpenModelReconciler(client, configs, events, clock),
            new P2PTaskReconciler(
                client,
                configs,
                distributions,
                new TaskStatus(config.fallbackAfter()),
                imageUsed,
                events,
                clock));
  }

  /** Both controllers. */
  public List<Reconciler<? extends HasMetadata>> reconcilers() {
    return reconcilers;
  }

  @Override
  public void close() {
    distributions.close();
    prefetches.close();
    engines.close();
    gateway.close();
  }
}
