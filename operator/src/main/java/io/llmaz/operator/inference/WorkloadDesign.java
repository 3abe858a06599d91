package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.Labels;
import io.llmaz.api.Names;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.InferenceServiceSpec;
import io.llmaz.api.inference.RollingUpdate;
import io.llmaz.api.inference.RolloutStrategy;
import io.llmaz.api.inference.WorkloadTemplate;
import io.llmaz.api.model.Flavor;
import io.llmaz.operator.config.GlobalConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The objects of an inference Service: a Deployment for a single host, a LeaderWorkerSet for
 * groups, and the Service in front of the leaders. Values, made anew at each reconcile.
 */
final class WorkloadDesign {
  /** Downloads of large models take long, and are no failed rollout. */
  private static final int PROGRESS_DEADLINE_SECONDS = 24 * 3600;

  private final InferenceService service;
  private final List<ClaimedModel> models;
  private final GlobalConfig config;
  private final WorkloadTemplate template;

  WorkloadDesign(InferenceService service, List<ClaimedModel> models, GlobalConfig config) {
    this.service = service;
    this.models = List.copyOf(models);
    this.config = config;
    this.template =
        Optional.ofNullable(service.getSpec().workloadTemplate())
            .orElseThrow(() -> new InvalidObjectException("workloadTemplate is not set"));
  }

  /** Whether it takes a group of pods. */
  static boolean grouped(InferenceServiceSpec spec) {
    WorkloadTemplate template = spec.workloadTemplate();
    return template != null
        && (template.leaderTemplate() != null
            || Optional.ofNullable(template.size()).orElse(1) > 1);
  }

  Deployment deployment() {
    RollingUpdate rolling = rolling();
    return new DeploymentBuilder()
        .withMetadata(workloadMetadata())
        .withNewSpec()
        .withReplicas(replicas())
        .withProgressDeadlineSeconds(PROGRESS_DEADLINE_SECONDS)
        .withNewSelector()
        .withMatchLabels(leaderLabels(service.getMetadata().getName()))
        .endSelector()
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxUnavailable(rolling.maxUnavailable())
        .withMaxSurge(rolling.maxSurge())
        .endRollingUpdate()
        .endStrategy()
        .withTemplate(
            new PodTemplateSpecBuilder(pod(template.workerTemplate()))
                .editMetadata()
                .addToLabels(leaderLabels(service.getMetadata().getName()))
                .endMetadata()
                .build())
        .endSpec()
        .build();
  }

  GenericKubernetesResource leaderWorkerSet() {
    Map<String, Object> group = new LinkedHashMap<>();
    if (template.leaderTemplate() != null) {
      group.put("leaderTemplate", plain(pod(template.leaderTemplate())));
    }
    group.put("workerTemplate", plain(pod(template.workerTemplate())));
    group.put("size", Optional.ofNullable(template.size()).orElse(1));
    put(group, "restartPolicy", template.restartPolicy());
    put(group, "subGroupPolicy", template.subGroupPolicy());
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("replicas", replicas());
    spec.put("startupPolicy", "LeaderReady");
    put(spec, "rolloutStrategy", service.getSpec().rolloutStrategy());
    spec.put("leaderWorkerTemplate", group);
    GenericKubernetesResource set = new GenericKubernetesResource();
    set.setApiVersion("leaderworkerset.x-k8s.io/v1");
    set.setKind("LeaderWorkerSet");
    set.setMetadata(workloadMetadata());
    set.setAdditionalProperty("spec", spec);
    return set;
  }

  Service loadBalancer() {
    return new ServiceBuilder()
        .withMetadata(
            new ObjectMetaBuilder(metadata(Names.loadBalancer(service.getMetadata().getName())))
                .addToAnnotations(
                    Labels.ACTIVATOR_MODEL_NAME, models.isEmpty() ? "" : models.getFirst().name())
                .build())
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(leaderLabels(service.getMetadata().getName()))
        .addNewPort()
        .withName("http")
        .withPort(Names.SERVING_PORT)
        .withTargetPort(new IntOrString(Names.SERVING_PORT))
        .withProtocol("TCP")
        .endPort()
        .endSpec()
        .build();
  }

  private PodTemplateSpec pod(@Nullable PodTemplateSpec given) {
    if (given == null) {
      throw new InvalidObjectException("workloadTemplate.workerTemplate is not set");
    }
    PodTemplateSpecBuilder pod =
        new PodTemplateSpecBuilder(given).editOrNewMetadata().endMetadata();
    if (!models.isEmpty()) {
      ClaimedModel main = models.getFirst();
      pod.editMetadata().addToLabels(Labels.MODEL_NAME, main.name()).endMetadata();
      String family = main.model().getSpec().familyName();
      if (family != null) {
        pod.editMetadata().addToLabels(Labels.MODEL_FAMILY_NAME, family).endMetadata();
      }
    }
    restartedAt()
        .ifPresent(
            value -> pod.editMetadata().addToAnnotations(Labels.RESTARTED_AT, value).endMetadata());
    List<String> flavors = claimedFlavors();
    if (!flavors.isEmpty()) {
      pod.editMetadata()
          .addToAnnotations(Labels.INFERENCE_SERVICE_FLAVORS, String.join(",", flavors))
          .endMetadata();
    }
    boolean skips =
        Optional.ofNullable(service.getMetadata().getAnnotations())
            .map(annotations -> annotations.get(Labels.SKIP_MODEL_LOADER))
            .filter("true"::equals)
            .isPresent();
    pod.withSpec(new LoaderDesign(models, skips, config).inject(given.getSpec()));
    if (config.schedulerName() != null && given.getSpec().getSchedulerName() == null) {
      pod.editSpec().withSchedulerName(config.schedulerName()).endSpec();
    }
    Flavors.assigned(models, flavors)
        .ifPresent(flavor -> applyFlavor(pod, flavor, flavors.size() == 1));
    return pod.build();
  }

  private List<String> claimedFlavors() {
    return service.getSpec().modelClaims() == null
        ? List.of()
        : service.getSpec().modelClaims().inferenceFlavors();
  }

  private static void applyFlavor(
      PodTemplateSpecBuilder pod, Flavor flavor, boolean onlyOneClaimed) {
    List<Container> containers =
        pod.buildSpec().getContainers().stream()
            .map(container ->
                container.getName().equals(Names.RUNNER_CONTAINER)
                    ? limited(container, flavor.limits())
                    : container)
            .toList();
    pod.editSpec().withContainers(containers).endSpec();
    if (onlyOneClaimed && !flavor.nodeSelector().isEmpty()) {
      // With one flavor there is nothing to choose, so the default scheduler can honour it.
      pod.editSpec().addToNodeSelector(flavor.nodeSelector()).endSpec();
    }
  }

  private static Container limited(Container container, Map<String, Quantity> limits) {
    return new ContainerBuilder(container)
        .editOrNewResources()
        .addToLimits(limits)
        .addToRequests(limits)
        .endResources()
        .build();
  }

  /** With what its replicas are made of, for the day when a model becomes another. */
  private ObjectMeta workloadMetadata() {
    ObjectMetaBuilder metadata = new ObjectMetaBuilder(metadata(service.getMetadata().getName()));
    metadata.addToAnnotations(Labels.MODEL_SOURCES, ModelPins.text(models));
    restartedAt().ifPresent(value -> metadata.addToAnnotations(Labels.RESTARTED_AT, value));
    return metadata.build();
  }

  private Optional<String> restartedAt() {
    return Optional.ofNullable(ModelPins.annotation(service, Labels.RESTARTED_AT));
  }

  private ObjectMeta metadata(String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(service.getMetadata().getNamespace())
        .addNewOwnerReference()
        .withApiVersion(service.getApiVersion())
        .withKind(service.getKind())
        .withName(service.getMetadata().getName())
        .withUid(service.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .build();
  }

  /** The selector of a single host's pods, as the scale subresource wants it. */
  static String selector(String service) {
    return leaderLabels(service).entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static Map<String, String> leaderLabels(String service) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(Labels.WORKLOAD_NAME, service);
    labels.put(Labels.WORKER_INDEX, "0");
    return labels;
  }

  private int replicas() {
    return Optional.ofNullable(service.getSpec().replicas()).orElse(1);
  }

  private RollingUpdate rolling() {
    RollingUpdate given =
        Optional.ofNullable(service.getSpec().rolloutStrategy())
            .map(RolloutStrategy::rollingUpdateConfiguration)
            .orElse(new RollingUpdate(null, null));
    return new RollingUpdate(
        Objects.requireNonNullElse(given.maxUnavailable(), new IntOrString(1)),
        Objects.requireNonNullElse(given.maxSurge(), new IntOrString(0)));
  }

  @SuppressWarnings("deprecation") // A mapper without a client, which this has none of.
  private static Object plain(Object value) {
    return Serialization.jsonMapper().convertValue(value, Map.class);
  }

  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    if (value instanceof String) {
      map.put(key, value);
    } else if (value != null) {
      map.put(key, plain(value));
    }
  }
}
