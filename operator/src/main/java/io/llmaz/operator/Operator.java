package io.llmaz.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.llmaz.api.Names;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.operator.config.GlobalConfigs;
import io.llmaz.operator.config.OperatorConfig;
import io.llmaz.operator.event.EventRecorder;
import io.llmaz.operator.inference.ImageUsers;
import io.llmaz.operator.inference.InferenceControllers;
import io.llmaz.operator.p2p.P2pControllers;
import io.llmaz.operator.store.SharingStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * All controllers on one API server. The constructor wires everything, {@link #start} begins to
 * work, {@link #close} stops in the reverse order. {@link Main} runs it as a process; tests and the
 * demo run it inside their own.
 */
public final class Operator implements AutoCloseable {
  /** The Lease by which several operators agree who works; llmaz's own name. */
  public static final String LEASE = "fbb36db9.llmaz.io";

  /**
   * Reconcilers get what the cache holds, not a copy of it: they change no object that they are
   * given, and a copy by JSON at each look was a large part of the operator's work.
   */
  private static final Cloner AS_CACHED =
      new Cloner() {
        @Override
        public <T extends HasMetadata> T clone(T object) {
          return object;
        }
      };

  private static final List<Class<? extends KubernetesResource>> KINDS =
      List.of(
          OpenModel.class,
          P2PTask.class,
          BackendRuntime.class,
          Playground.class,
          InferenceService.class);

  private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final GlobalConfigs configs;
  private final ImageUsers users = new ImageUsers();
  private final P2pControllers p2p;
  private final ObjectGauges gauges;
  private final io.javaoperatorsdk.operator.Operator controllers;

  /**
   * Wires the controllers; reads the global configuration from the API server.
   *
   * @param client stays the caller's, who closes it after this
   * @param instance which of several operators this is, for the Lease and events
   */
  public Operator(
      KubernetesClient client,
      OperatorConfig config,
      String instance,
      MeterRegistry metrics,
      Clock clock) {
    // The client would read each of our objects twice: as any object, and then as what it is.
    KINDS.forEach(client.getKubernetesSerialization()::registerKubernetesResource);
    EventRecorder events = new EventRecorder(client, clock, instance);
    configs = new GlobalConfigs(client, config.namespace(), events);
    p2p = new P2pControllers(client, config, configs, users::use, events, metrics, clock);
    controllers =
        new io.javaoperatorsdk.operator.Operator(
            overrider -> configure(overrider, client, config, instance, metrics));
    gauges = new ObjectGauges(metrics);
    p2p.reconcilers().forEach(this::register);
    InferenceControllers.of(client, configs, users, events, clock).forEach(this::register);
  }

  /** Starts the controllers; returns when their caches are filled. */
  public void start() {
    controllers.start();
    users.filled();
  }

  /** Whether every cache follows its API. */
  public boolean ready() {
    return controllers.getRuntimeInfo().isStarted()
        && controllers.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  /** Brings the metrics up to date that are counted in the caches; to be called before a scrape. */
  public void measure() {
    gauges.measure();
  }

  @Override
  public void close() {
    controllers.stop();
    p2p.close();
    configs.close();
  }

  private <P extends HasMetadata> void register(Reconciler<P> reconciler) {
    RegisteredController<P> registered =
        controllers.register(
            reconciler,
            overrider ->
                overrider
                    .withFieldManager(Names.FIELD_MANAGER)
                    .withItemStore(new SharingStore<>())
                    // The SDK's own default gives up after five attempts, until the next event.
                    .withRetry(
                        new GenericRetry()
                            .withoutMaxAttempts()
                            .setInitialInterval(Duration.ofMillis(500))
                            .setIntervalMultiplier(2)
                            .setMaxInterval(LONGEST_RETRY.toMillis())));
    gauges.watch(((Controller<P>) registered).eventSourceContext().getPrimaryCache());
  }

  private static void configure(
      ConfigurationServiceOverrider overrider,
      KubernetesClient client,
      OperatorConfig config,
      String instance,
      MeterRegistry metrics) {
    overrider
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .withResourceCloner(AS_CACHED)
        .withMetrics(MicrometerMetricsV2.newBuilder(metrics).build())
        .withReconciliationTerminationTimeout(STOP_TIMEOUT)
        .checkingCRDAndValidateLocalModel(false);
    if (config.leaderElection()) {
      overrider.withLeaderElectionConfiguration(
          LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
              .withLeaseNamespace(config.namespace())
              .withIdentity(instance)
              .build());
    }
  }
}
