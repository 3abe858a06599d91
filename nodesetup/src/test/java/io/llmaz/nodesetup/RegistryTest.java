package io.llmaz.nodesetup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegistryTest {
  private static final String MIRROR = "http://127.0.0.1:4001";

  @ParameterizedTest
  @CsvSource({
    "ghcr.io, ghcr.io, https://ghcr.io",
    "docker.io, docker.io, https://registry-1.docker.io",
    "docker.io=https://mirror.example, docker.io, https://mirror.example",
    "http://10.0.0.5:5000, 10.0.0.5:5000, http://10.0.0.5:5000",
    "registry.example:5000, registry.example:5000, https://registry.example:5000"
  })
  void parse_eachForm_isNamespaceAndServer(String text, String namespace, String server) {
    Registry registry = Registry.parse(text);

    assertThat(registry.namespace()).isEqualTo(namespace);
    assertThat(registry.server()).contains(URI.create(server));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ftp://host",
        "https://user:secret@host",
        "../etc=https://host",
        "a b",
        "host=",
        "https://host\"\nx = 1"
      })
  void parse_malformed_isRefused(String text) {
    assertThatThrownBy(() -> Registry.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("registry ");
  }

  @Test
  void hostsFile_ofARegistry_hasTheMirrorFirstAndItselfBehind() throws Exception {
    JsonNode file = toml(Registry.parse("ghcr.io"));

    assertThat(file.get("server").asText()).isEqualTo("https://ghcr.io");
    JsonNode mirror = file.get("host").get(MIRROR);
    assertThat(mirror.get("capabilities")).extracting(JsonNode::asText).contains("pull", "resolve");
    assertThat(mirror.get("header").get("X-Dragonfly-Registry").asText())
        .isEqualTo("https://ghcr.io");
  }

  @Test
  void hostsFile_ofAll_leavesTheRegistryToContainerd() throws Exception {
    JsonNode file = toml(Registry.parse("*"));

    assertThat(file.has("server")).isFalse();
    assertThat(file.get("host").get(MIRROR).get("header").has("X-Dragonfly-Registry")).isFalse();
  }

  private static JsonNode toml(Registry registry) throws Exception {
    return new TomlMapper().readTree(registry.hostsFile(URI.create(MIRROR)));
  }
}
