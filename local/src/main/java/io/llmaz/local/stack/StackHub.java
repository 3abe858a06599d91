package io.llmaz.local.stack;

import io.llmaz.local.hub.BuiltInModel;
import io.llmaz.local.hub.DemoHub;
import io.llmaz.local.hub.DemoHubConfig;
import io.llmaz.local.hub.DemoImage;
import io.llmaz.local.hub.ModelRepository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The hub and registry of a stack, and what they offer: one model, one image of a runner. */
final class StackHub implements AutoCloseable {
  private final LocalStackConfig config;
  private final String token = DemoHub.newToken();
  private final DemoImage image;
  private final DemoHub hub;

  /**
   * Starts them.
   *
   * @param port of the hub, 0 for a free one
   */
  StackHub(LocalStackConfig config, int port) throws IOException {
    this.config = config;
    this.image = runnerImage();
    this.hub = startHub(port);
  }

  private DemoImage runnerImage() {
    return new DemoImage(
        "llmaz/embeddings",
        "v0.1.0",
        List.of(
            "java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            "/app/*",
            "io.llmaz.runner.Main"),
        List.of(Map.of("/app/llmaz-runner.jar", config.programs().jar("runner"))));
  }

  private DemoHub startHub(int port) throws IOException {
    Path work = Files.createDirectories(config.directory().resolve("hub"));
    Path model = config.modelDirectory().orElse(config.directory().resolve("model"));
    if (config.modelDirectory().isEmpty() && !Files.exists(model)) {
      BuiltInModel.extract(model);
    }
    DemoHubConfig hubConfig =
        DemoHubConfig.of(
                List.of(new ModelRepository(modelId(), model, Optional.of(token))),
                List.of(image),
                work)
            .withRegistryToken(false)
            .withListen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return DemoHub.start(config.sourceBandwidth().map(hubConfig::withBandwidth).orElse(hubConfig));
  }

  DemoHub hub() {
    return hub;
  }

  /** The hub's token, without which the model is not given. */
  String token() {
    return token;
  }

  String modelId() {
    return config
        .modelDirectory()
        .map(directory -> "demo/" + directory.toAbsolutePath().normalize().getFileName())
        .orElse(BuiltInModel.ID);
  }

  String runnerImageRepository() {
    return hub.registryAddress().getAuthority() + "/" + image.repository();
  }

  @Override
  public void close() {
    hub.close();
  }
}
