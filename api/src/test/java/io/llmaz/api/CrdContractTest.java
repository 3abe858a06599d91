package io.llmaz.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our CRDs against the recorded structure of llmaz's. Nothing is added to the four. */
final class CrdContractTest {
  private static final Path CONTRACT =
      Path.of(System.getProperty("project.root", ".."))
          .resolve("../shared/contract/crds")
          .normalize();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "openmodels.llmaz.io",
        "backendruntimes.inference.llmaz.io",
        "playgrounds.inference.llmaz.io",
        "services.inference.llmaz.io"
      })
  void crd_comparedWithLlmaz_hasTheSameStructure(String name) throws IOException {
    Path recorded = CONTRACT.resolve(name + ".json");
    assumeTrue(Files.exists(recorded), "the contract folder is not beside the project");
    JsonNode theirs = new ObjectMapper().readTree(recorded.toFile());
    JsonNode ours = new YAMLMapper().readTree(Crds.yaml(name)).get("spec");

    for (String field : new String[] {"group", "scope", "names"}) {
      assertThat(ours.get(field)).as(field).isEqualTo(theirs.get(field));
    }
    assertThat(withoutDescriptions(ours.get("versions")))
        .isEqualTo(withoutDescriptions(theirs.get("versions")));
  }

  private static JsonNode withoutDescriptions(JsonNode node) {
    // A property may itself be called description: only text is a description.
    if (node instanceof ObjectNode object && object.path("description").isTextual()) {
      object.remove("description");
    }
    node.forEach(CrdContractTest::withoutDescriptions);
    return node;
  }
}
