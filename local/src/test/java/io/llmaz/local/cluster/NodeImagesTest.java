package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import io.llmaz.local.hub.DemoHub;
import io.llmaz.local.hub.DemoHubConfig;
import io.llmaz.local.hub.DemoImage;
import io.llmaz.local.hub.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeImagesTest {
  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private DemoHub hub;
  private String reference;

  @BeforeEach
  void start() throws IOException {
    Path low = Files.writeString(folder.resolve("low"), "low");
    Path high = Files.writeString(folder.resolve("high"), "high");
    DemoImage image =
        new DemoImage(
            "demo/app",
            "v1",
            List.of("java", "-cp", "/app/*", "x.Main"),
            List.of(Map.of("/app/a.jar", low, "/app/b.jar", low), Map.of("/app/b.jar", high)));
    hub = DemoHub.start(DemoHubConfig.of(List.of(), List.of(image), folder));
    reference = hub.reference(image);
  }

  @AfterEach
  void stop() {
    hub.close();
    http.close();
  }

  private NodeImages images(Optional<URI> daemon) {
    return new NodeImages(
        folder.resolve("images"), LocalImages.none(), new RegistryMirror(http, daemon));
  }

  @Test
  void get_image_isUnpackedWithUpperLayersOverLower() throws Exception {
    ImageProgram program = images(Optional.empty()).get(reference);

    assertThat(program.entrypoint()).containsExactly("java", "-cp", "/app/*", "x.Main");
    assertThat(program.imageId()).startsWith("sha256:");
    Path root = program.root().orElseThrow();
    assertThat(root.resolve("app/a.jar")).hasContent("low");
    assertThat(root.resolve("app/b.jar")).hasContent("high");
    HostView view = new HostView(program.places(), "127.1.1.2");
    assertThat(program.command(List.of(), List.of("--port", "1"), Map.of(), view))
        .containsExactly("java", "-cp", root + "/app/*", "x.Main", "--port", "1");
  }

  @Test
  void get_againAfterARestart_readsNoLayer() throws Exception {
    images(Optional.empty()).get(reference);
    hub.inject("/blobs/", 1, new Fault.Status(500));

    assertThat(images(Optional.empty()).get(reference).root()).isPresent();
  }

  @Test
  void get_daemonAway_asksTheRegistryItself() throws Exception {
    URI nobody = URI.create("http://127.0.0.1:1");

    assertThat(images(Optional.of(nobody)).get(reference).root()).isPresent();
  }

  @Test
  void get_daemonThere_getsBlobsThroughIt() throws Exception {
    EngineNodeConfig config =
        EngineNodeConfig.at(
            InetAddress.getLoopbackAddress(),
            "node",
            Files.createDirectory(folder.resolve("engine")));
    try (EngineNode engine = EngineNode.start(config)) {
      URI daemon = URI.create("http://127.0.0.1:" + engine.proxyAddress().getPort());
      Path layers = images(Optional.of(daemon)).get(reference).root().orElseThrow();

      assertThat(layers.resolve("app/b.jar")).hasContent("high");
      assertThat(engine.traffic().bytesFromSource()).isPositive();
    }
  }

  @Test
  void get_wrongBytes_leavesNothing() {
    hub.inject("/blobs/", 1, new Fault.WrongBytes());
    NodeImages images = images(Optional.empty());

    assertThatExceptionOfType(ContainerProblem.class)
        .isThrownBy(() -> images.get(reference))
        .withMessageContaining("not those of its digest");
    assertThat(folder.resolve("images")).isEmptyDirectory();
  }

  @Test
  void get_unknownTag_saysWhatTheRegistrySaid() {
    String unknown = reference.replace(":v1", ":v2");
    NodeImages images = images(Optional.empty());

    assertThatExceptionOfType(ContainerProblem.class)
        .isThrownBy(() -> images.get(unknown))
        .withMessageContaining("manifests/v2: HTTP 404")
        .matches(e -> e.reason().equals("ErrImagePull"));
  }
}
