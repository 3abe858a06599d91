package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.llmaz.api.Labels;
import io.llmaz.api.Names;
import io.llmaz.api.inference.BackendRuntime;
import io.llmaz.api.inference.BackendRuntimeConfig;
import io.llmaz.api.inference.BackendRuntimeSpec;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.InferenceServiceSpec;
import io.llmaz.api.inference.ModelClaims;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.inference.RecommendedConfig;
import io.llmaz.api.inference.Resources;
import io.llmaz.api.inference.RolloutStrategy;
import io.llmaz.api.inference.WorkloadTemplate;
import io.llmaz.api.model.Flavor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The inference Service of a Playground; llmaz's rules. A value: made anew at each reconcile. */
final class ServiceDesign {
  private static final BackendRuntimeConfig NO_CONFIG =
      new BackendRuntimeConfig(null, null, null, null, null, null, null);
  private static final long GRACE_SECONDS = 130;
  private static final String MODEL_PARALLELISM = "model-parallelism";

  private final Playground playground;
  private final BackendRuntimeSpec backend;
  private final String backendName;
  private final List<ClaimedModel> models;
  private final BackendRuntimeConfig config;
  private final Optional<Flavor> flavor;

  ServiceDesign(Playground playground, BackendRuntime backend, List<ClaimedModel> models) {
    this.playground = playground;
    this.backend = backend.getSpec();
    this.backendName = backend.getMetadata().getName();
    this.models = List.copyOf(models);
    this.config =
        Optional.ofNullable(playground.getSpec().backendRuntimeConfig()).orElse(NO_CONFIG);
    this.flavor = Flavors.assigned(this.models, Claims.flavors(playground.getSpec()));
  }

  /** The runner's image, with the Playground's version. */
  static String image(Playground playground, BackendRuntime backend) {
    BackendRuntimeConfig config =
        Optional.ofNullable(playground.getSpec().backendRuntimeConfig()).orElse(NO_CONFIG);
    return backend.getSpec().image()
        + ":"
        + Optional.ofNullable(config.version()).orElse(backend.getSpec().version());
  }

  static String backendOf(Playground playground) {
    return Optional.ofNullable(playground.getSpec().backendRuntimeConfig())
        .map(BackendRuntimeConfig::backendName)
        .orElse(Names.DEFAULT_BACKEND);
  }

  static boolean skipsLoader(Playground playground) {
    return Optional.ofNullable(playground.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(Labels.SKIP_MODEL_LOADER))
        .filter("true"::equals)
        .isPresent();
  }

  /**
   * The Service.
   *
   * @param revision image and roll, which may still be earlier ones
   * @throws InvalidObjectException when backend and Playground do not fit
   */
  InferenceService service(Gate.Revision revision) {
    InferenceService service = new InferenceService();
    ObjectMetaBuilder metadata =
        new ObjectMetaBuilder()
            .withName(playground.getMetadata().getName())
            .withNamespace(playground.getMetadata().getNamespace())
            .addNewOwnerReference()
            .withApiVersion(playground.getApiVersion())
            .withKind(playground.getKind())
            .withName(playground.getMetadata().getName())
            .withUid(playground.getMetadata().getUid())
            .withController(true)
            .withBlockOwnerDeletion(true)
            .endOwnerReference();
    Map<String, String> annotations =
        Optional.ofNullable(playground.getMetadata().getAnnotations()).orElse(Map.of());
    if (annotations.containsKey(Labels.SKIP_MODEL_LOADER)) {
      metadata.addToAnnotations(
          Labels.SKIP_MODEL_LOADER, annotations.get(Labels.SKIP_MODEL_LOADER));
    }
    metadata.addToAnnotations(Labels.MODEL_SOURCES, ModelPins.text(models));
    revision
        .restartedAt()
        .ifPresent(value -> metadata.addToAnnotations(Labels.RESTARTED_AT, value));
    service.setMetadata(metadata.build());
    PodTemplateSpec pod = pod(revision.image());
    int hosts = hosts();
    service.setSpec(
        new InferenceServiceSpec(
            new ModelClaims(Claims.of(playground.getSpec()), Claims.flavors(playground.getSpec())),
            Optional.ofNullable(playground.getSpec().replicas()).orElse(1),
            hosts > 1
                ? new WorkloadTemplate(pod, worker(pod), hosts, null, null)
                : new WorkloadTemplate(null, pod, null, null, null),
            new RolloutStrategy("RollingUpdate", null)));
    return service;
  }

  /**
   * Hosts of a replica. More than one is opt-in: the flavor says so by {@code PP}, and the config
   * in use is the one for it.
   */
  private int hosts() {
    return MODEL_PARALLELISM.equals(configName())
        ? flavor.map(Flavors::pipelineStages).orElse(1)
        : 1;
  }

  /** Only leaders serve, so only they are probed. */
  private static PodTemplateSpec worker(PodTemplateSpec leader) {
    Container runner =
        new ContainerBuilder(leader.getSpec().getContainers().getFirst())
            .withPorts()
            .withLivenessProbe(null)
            .withReadinessProbe(null)
            .withStartupProbe(null)
            .build();
    return new PodTemplateSpecBuilder(leader).editSpec().withContainers(runner).endSpec().build();
  }

  /** The named config, else the one that fits the claim. */
  private String configName() {
    if (config.configName() != null) {
      return config.configName();
    }
    if (models.stream().anyMatch(ClaimedModel::draft)) {
      return "speculative-decoding";
    }
    boolean parallel =
        backend.recommendedConfigs().stream().anyMatch(c -> MODEL_PARALLELISM.equals(c.name()))
            && flavor.filter(f -> Flavors.pipelineStages(f) > 1).isPresent();
    return parallel ? MODEL_PARALLELISM : "default";
  }

  /** The recommended configuration; empty when the backend has none at all. */
  Optional<RecommendedConfig> recommended() {
    if (backend.recommendedConfigs().isEmpty() && config.configName() == null) {
      return Optional.empty();
    }
    String name = configName();
    return Optional.of(
        backend.recommendedConfigs().stream()
            .filter(candidate -> name.equals(candidate.name()))
            .findFirst()
            .orElseThrow(() ->
                new InvalidObjectException(
                    "backendRuntime " + backendName + " has no config " + name)));
  }

  private PodTemplateSpec pod(String image) {
    Optional<RecommendedConfig> recommended = recommended();
    ContainerBuilder runner = new ContainerBuilder(container(image, recommended.orElse(null)));
    PodTemplateSpecBuilder pod =
        new PodTemplateSpecBuilder()
            .withNewSpec()
            .withTerminationGracePeriodSeconds(GRACE_SECONDS)
            .endSpec();
    Optional<Quantity> sharedMemory =
        Optional.ofNullable(config.sharedMemorySize())
            .or(() -> recommended.map(RecommendedConfig::sharedMemorySize));
    if (sharedMemory.isPresent()) {
      runner.addNewVolumeMount().withName("dshm").withMountPath("/dev/shm").endVolumeMount();
      pod.editSpec()
          .addNewVolume()
          .withName("dshm")
          .withNewEmptyDir()
          .withMedium("Memory")
          .withSizeLimit(sharedMemory.get())
          .endEmptyDir()
          .endVolume()
          .endSpec();
    }
    return pod.editSpec().withContainers(runner.build()).endSpec().build();
  }

  private Container container(
      String image, @org.jspecify.annotations.Nullable RecommendedConfig recommended) {
    List<String> arguments = new ArrayList<>();
    if (recommended != null) {
      arguments.addAll(ArgumentTemplate.render(recommended.args(), values()));
    }
    arguments.addAll(config.args());
    List<EnvVar> environment = Environment.override(backend.envs(), config.envs());
    Resources resources =
        resources(recommended == null ? null : recommended.resources(), config.resources());
    return new ContainerBuilder()
        .withName(Names.RUNNER_CONTAINER)
        .withImage(image)
        .withCommand(backend.command())
        .withArgs(arguments)
        .withEnv(environment)
        .withLifecycle(backend.lifecycle())
        .withLivenessProbe(backend.livenessProbe())
        .withReadinessProbe(backend.readinessProbe())
        .withStartupProbe(backend.startupProbe())
        .addNewPort()
        .withName("http")
        .withContainerPort(Names.SERVING_PORT)
        .withProtocol("TCP")
        .endPort()
        .withResources(
            new ResourceRequirementsBuilder()
                .withLimits(resources.limits())
                .withRequests(resources.requests())
                .build())
        .build();
  }

  private Map<String, String> values() {
    boolean skips = skipsLoader(playground);
    Map<String, String> values = new HashMap<>();
    if (!models.isEmpty()) {
      values.put("ModelPath", ModelPaths.path(models.getFirst().source(), skips));
      values.put("ModelName", ModelPaths.name(models.getFirst().model()));
    }
    flavor.ifPresent(assigned -> {
      values.put("TP", assigned.params().getOrDefault("TP", ""));
      values.put("PP", assigned.params().getOrDefault("PP", ""));
    });
    if (models.size() > 1) {
      values.put("DraftModelPath", ModelPaths.path(models.get(1).source(), skips));
    }
    return values;
  }

  /** The Playground's over the recommended; a cpu or memory limit is at least its request. */
  static Resources resources(
      @org.jspecify.annotations.Nullable Resources recommended,
      @org.jspecify.annotations.Nullable Resources own) {
    Resources base = recommended == null ? new Resources(null, null) : recommended;
    if (own == null) {
      return base;
    }
    Map<String, Quantity> limits = new TreeMap<>(base.limits());
    limits.putAll(own.limits());
    Map<String, Quantity> requests = new TreeMap<>(base.requests());
    requests.putAll(own.requests());
    for (String resource : List.of("cpu", "memory")) {
      Quantity request = requests.get(resource);
      Quantity limit = limits.get(resource);
      if (request != null
          && (limit == null
              || request.getNumericalAmount().compareTo(limit.getNumericalAmount()) > 0)) {
        limits.put(resource, request);
      }
    }
    return new Resources(limits, requests);
  }
}
