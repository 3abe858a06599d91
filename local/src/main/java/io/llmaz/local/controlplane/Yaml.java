package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** YAML as JSON. */
final class Yaml {
  private static final YAMLMapper MAPPER = new YAMLMapper();

  private Yaml() {}

  static JsonNode read(byte[] yaml) throws IOException {
    return MAPPER.readTree(yaml);
  }

  /** The documents of a stream; empty ones are left out. */
  static List<ObjectNode> documents(String yaml) {
    List<ObjectNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> all =
        MAPPER.readerFor(JsonNode.class).readValues(yaml.getBytes(StandardCharsets.UTF_8))) {
      all.forEachRemaining(document -> {
        if (document instanceof ObjectNode object && !object.isEmpty()) {
          documents.add(object);
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException("not YAML: " + e.getMessage(), e);
    }
    return documents;
  }
}
