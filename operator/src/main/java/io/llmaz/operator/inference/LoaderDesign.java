package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.llmaz.api.Names;
import io.llmaz.api.model.ModelHub;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.model.ModelUri;
import io.llmaz.operator.config.GlobalConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What brings the models into a pod: a loader per model with llmaz's environment contract, the
 * volume they share with the runner, and with P2P the way to the node's daemon and the gateway.
 */
final class LoaderDesign {
  private static final String HOST_VOLUME = "model-host";
  private static final String TOKEN_VOLUME = "llmaz-gateway-token";
  private static final String TOKEN_PATH = "/var/run/secrets/llmaz.io/gateway";
  private static final long TOKEN_SECONDS = 3600;

  private final List<ClaimedModel> models;
  private final boolean skipsLoader;
  private final GlobalConfig config;

  LoaderDesign(List<ClaimedModel> models, boolean skipsLoader, GlobalConfig config) {
    this.models = List.copyOf(models);
    this.skipsLoader = skipsLoader;
    this.config = config;
  }

  /** The pod with all that is needed; the runner is the container of that name. */
  PodSpec inject(PodSpec pod) {
    PodSpecBuilder result = new PodSpecBuilder(pod);
    List<Container> loaders = new ArrayList<>();
    List<Volume> volumes = new ArrayList<>();
    Container runner =
        pod.getContainers().stream()
            .filter(container -> container.getName().equals(Names.RUNNER_CONTAINER))
            .findFirst()
            .orElseThrow(() -> new InvalidObjectException("model-runner container doesn't exist"));
    ContainerBuilder changed = new ContainerBuilder(runner);
    if (skipsLoader) {
      changed.withEnv(Environment.complete(runner.getEnv(), credentials()));
    } else {
      Optional<ModelUri> host = hostPath();
      for (ClaimedModel model : models) {
        loader(model, loaders.size(), pod.getContainers().getFirst()).ifPresent(loaders::add);
      }
      host.ifPresent(uri -> {
        // Beside loaders it is a volume of its own: they must not write to the node's directory.
        String name = loaders.isEmpty() ? Names.MODEL_VOLUME : HOST_VOLUME;
        volumes.add(hostVolume(name, uri.address()));
        mount(changed, name, uri.address());
      });
      if (host.isEmpty() || !loaders.isEmpty()) {
        volumes.add(
            new VolumeBuilder()
                .withName(Names.MODEL_VOLUME)
                .withNewEmptyDir()
                .endEmptyDir()
                .build());
        mount(changed, Names.MODEL_VOLUME, Names.MODEL_MOUNT_PATH);
      }
      if (config.p2p().enabled() && !loaders.isEmpty()) {
        volumes.add(tokenVolume());
      }
    }
    Container newRunner = changed.build();
    return result
        .withContainers(
            pod.getContainers().stream()
                .map(container -> container == runner ? newRunner : container)
                .toList())
        .addAllToInitContainers(loaders)
        .addAllToVolumes(volumes)
        .build();
  }

  private Optional<ModelUri> hostPath() {
    return models.stream()
        .map(ClaimedModel::source)
        .filter(source -> source.modelHub() == null && source.uri() != null)
        .map(source -> ModelUri.parse(Objects.requireNonNull(source.uri())))
        .filter(uri -> uri.protocol().equals(ModelUri.HOST))
        .findFirst();
  }

  private static void mount(ContainerBuilder runner, String volume, String path) {
    runner
        .addNewVolumeMount()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(true)
        .endVolumeMount();
  }

  private static Volume hostVolume(String name, String path) {
    return new VolumeBuilder()
        .withName(name)
        .withNewHostPath()
        .withPath(path)
        .endHostPath()
        .build();
  }

  private static Volume tokenVolume() {
    return new VolumeBuilder()
        .withName(TOKEN_VOLUME)
        .withNewProjected()
        .addNewSource()
        .withNewServiceAccountToken(Names.GATEWAY_AUDIENCE, TOKEN_SECONDS, "token")
        .endSource()
        .endProjected()
        .build();
  }

  private Optional<Container> loader(ClaimedModel model, int index, Container first) {
    List<EnvVar> contract = contract(model.source());
    if (contract.isEmpty()) {
      return Optional.empty();
    }
    ContainerBuilder loader =
        new ContainerBuilder()
            .withName(index == 0 ? Names.LOADER_CONTAINER : Names.LOADER_CONTAINER + "-" + index)
            .withImage(config.initContainerImage())
            .addNewVolumeMount()
            .withName(Names.MODEL_VOLUME)
            .withMountPath(Names.MODEL_MOUNT_PATH)
            .endVolumeMount();
    List<EnvVar> environment = Environment.complete(first.getEnv(), contract);
    if (config.p2p().enabled() && model.source().distributable()) {
      environment = Environment.complete(environment, p2p(model));
      loader
          .addNewVolumeMount()
          .withName(TOKEN_VOLUME)
          .withMountPath(TOKEN_PATH)
          .withReadOnly(true)
          .endVolumeMount();
    }
    return Optional.of(loader.withEnv(environment).build());
  }

  /** llmaz's environment of the loader, in its order; empty where no loader is needed. */
  private static List<EnvVar> contract(ModelSource source) {
    List<EnvVar> variables = new ArrayList<>();
    ModelHub hub = source.modelHub();
    if (hub != null) {
      variables.add(Environment.value("MODEL_SOURCE_TYPE", "modelhub"));
      variables.add(Environment.value("MODEL_ID", Objects.requireNonNullElse(hub.modelId(), "")));
      variables.add(
          Environment.value(
              "MODEL_HUB_NAME", Objects.requireNonNullElse(hub.name(), ModelHub.HUGGING_FACE)));
      add(variables, "MODEL_FILENAME", hub.filename());
      add(variables, "REVISION", hub.revision());
      add(variables, "MODEL_ALLOW_PATTERNS", String.join(",", hub.allowPatterns()));
      add(variables, "MODEL_IGNORE_PATTERNS", String.join(",", hub.ignorePatterns()));
      variables.addAll(hubCredentials());
      return variables;
    }
    if (source.uri() == null) {
      return variables;
    }
    ModelUri uri = ModelUri.parse(source.uri());
    if (uri.protocol().equals(ModelUri.OLLAMA) || uri.protocol().equals(ModelUri.HOST)) {
      return variables;
    }
    variables.add(Environment.value("MODEL_SOURCE_TYPE", "objstore"));
    variables.add(Environment.value("PROVIDER", uri.protocol()));
    int slash = uri.address().indexOf('/');
    String place = slash < 0 ? uri.address() : uri.address().substring(0, slash);
    String path = slash < 0 ? "" : uri.address().substring(slash + 1);
    if (uri.protocol().equals(ModelUri.OSS)) {
      int dot = place.indexOf('.');
      variables.add(Environment.value("ENDPOINT", dot < 0 ? "" : place.substring(dot + 1)));
      variables.add(Environment.value("BUCKET", dot < 0 ? place : place.substring(0, dot)));
    } else {
      variables.add(Environment.value("BUCKET", place));
    }
    variables.add(Environment.value("MODEL_PATH", path));
    variables.addAll(objectStoreCredentials(uri.protocol()));
    return variables;
  }

  private List<EnvVar> credentials() {
    List<EnvVar> all = new ArrayList<>();
    for (ClaimedModel model : models) {
      ModelSource source = model.source();
      if (source.modelHub() != null) {
        all.addAll(hubCredentials());
      } else if (source.uri() != null) {
        all.addAll(objectStoreCredentials(ModelUri.parse(source.uri()).protocol()));
      }
    }
    return all;
  }

  private static List<EnvVar> hubCredentials() {
    return List.of(
        Environment.fromSecret("HUGGING_FACE_HUB_TOKEN", "modelhub-secret", "HF_TOKEN"),
        Environment.fromSecret("HF_TOKEN", "modelhub-secret", "HF_TOKEN"));
  }

  private static List<EnvVar> objectStoreCredentials(String protocol) {
    return switch (protocol) {
      case "OSS" ->
          List.of(
              Environment.fromSecret("OSS_ACCESS_KEY_ID", "oss-access-secret", "OSS_ACCESS_KEY_ID"),
              Environment.fromSecret(
                  "OSS_ACCESS_KEY_SECRET", "oss-access-secret", "OSS_ACCESS_KEY_SECRET"));
      case "S3", "GCS" ->
          List.of(
              Environment.fromSecret("AWS_ACCESS_KEY_ID", "aws-access-secret", "AWS_ACCESS_KEY_ID"),
              Environment.fromSecret(
                  "AWS_SECRET_ACCESS_KEY", "aws-access-secret", "AWS_SECRET_ACCESS_KEY"));
      default -> List.of();
    };
  }

  private List<EnvVar> p2p(ClaimedModel model) {
    List<EnvVar> variables = new ArrayList<>();
    variables.addAll(
        List.of(
            Environment.value("LLMAZ_TASK", Names.modelTask(model.name())),
            Environment.value("LLMAZ_GATEWAY", String.valueOf(config.p2p().gateway())),
            new EnvVarBuilder()
                .withName("LLMAZ_NODE_IP")
                .withNewValueFrom()
                .withNewFieldRef("v1", "status.hostIP")
                .endValueFrom()
                .build(),
            Environment.value(
                "LLMAZ_DFDAEMON_PROXY_PORT", Integer.toString(config.p2p().proxyPort()))));
    if (config.p2p().manager() != null) {
      variables.add(Environment.value("LLMAZ_TASK_KEYS", "addresses"));
    }
    return variables;
  }

  private static void add(
      List<EnvVar> variables, String name, @org.jspecify.annotations.Nullable String value) {
    if (value != null && !value.isEmpty()) {
      variables.add(Environment.value(name, value));
    }
  }
}
