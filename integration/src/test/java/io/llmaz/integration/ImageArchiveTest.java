package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** {@code images/archive}: what it writes is an OCI layout with all that it names. */
@EnabledIf("jqIsThere")
final class ImageArchiveTest {
  @TempDir private Path directory;

  static boolean jqIsThere() throws IOException, InterruptedException {
    return Program.run(List.of("sh", "-c", "command -v jq")).status() == 0;
  }

  @Test
  void archive_oneFolder_isAManifestForThisMachine() throws Exception {
    Path layout = archive(folder("a"));

    JsonNode manifest = blob(layout, top(layout));
    assertThat(manifest.path("mediaType").asText())
        .isEqualTo("application/vnd.oci.image.manifest.v1+json");
    assertThat(blob(layout, manifest.path("config")).path("os").asText()).isEqualTo("linux");
  }

  @Test
  void archive_severalPlatforms_isAnIndexAndSharesTheSameLayers() throws Exception {
    String shared = folder("app");
    Path layout =
        archive(
            "--platform", "amd64", folder("a"), shared, "--platform", "arm64", folder("b"), shared);

    JsonNode index = blob(layout, top(layout));
    List<String> last = new ArrayList<>();
    List<String> platforms = new ArrayList<>();
    for (JsonNode one : index.path("manifests")) {
      JsonNode manifest = blob(layout, one);
      String architecture = one.at("/platform/architecture").asText();
      assertThat(blob(layout, manifest.path("config")).path("architecture").asText())
          .isEqualTo(architecture);
      assertThat(manifest.path("layers"))
          .hasSize(2)
          .allSatisfy(layer ->
              assertThat(Files.size(file(layout, layer))).isEqualTo(layer.path("size").asLong()));
      platforms.add(architecture);
      last.add(manifest.at("/layers/1/digest").asText());
    }
    assertThat(platforms).containsExactly("amd64", "arm64");
    assertThat(last.getFirst()).isEqualTo(last.getLast());
  }

  private Path archive(String... layers) throws IOException, InterruptedException {
    Path file = directory.resolve("image.tar");
    List<String> command = new ArrayList<>();
    command.add(Program.HOME.resolve("images/archive").toString());
    command.addAll(List.of("registry/name:tag", file.toString(), "{\"User\": \"1\"}"));
    command.addAll(List.of(layers));
    Program.End end = Program.run(command);
    assertThat(end.status()).as(end.output()).isZero();
    Path layout = Files.createDirectories(directory.resolve("layout"));
    end = Program.run(List.of("tar", "-C", layout.toString(), "-xf", file.toString()));
    assertThat(end.status()).as(end.output()).isZero();
    return layout;
  }

  private String folder(String name) throws IOException {
    Path folder = Files.createDirectories(directory.resolve(name));
    Files.writeString(folder.resolve("file"), name);
    return folder.toString();
  }

  private static JsonNode top(Path layout) throws IOException {
    JsonNode top =
        new ObjectMapper()
            .readTree(Files.readString(layout.resolve("index.json")))
            .at("/manifests/0");
    assertThat(top.at("/annotations/io.containerd.image.name").asText())
        .isEqualTo("registry/name:tag");
    return top;
  }

  private static JsonNode blob(Path layout, JsonNode descriptor) throws IOException {
    return new ObjectMapper().readTree(Files.readString(file(layout, descriptor)));
  }

  private static Path file(Path layout, JsonNode descriptor) {
    return layout.resolve(
        "blobs/sha256/" + descriptor.path("digest").asText().replace("sha256:", ""));
  }
}
