package io.llmaz.api.p2p;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which seed holds which file of a task: written by the p2ptask-controller when everything is
 * distributed, read by the gateway. A seed may have lost a file since, or be gone.
 *
 * @param seedByPath {@code host:port} of the seed's upload port (Dragonfly's 4000), by path
 */
public record SeedHoldings(Map<String, String> seedByPath) {
  /** Nothing is known. */
  public static final SeedHoldings NONE = new SeedHoldings(Map.of());

  private static final ObjectMapper JSON = new ObjectMapper();

  public SeedHoldings {
    seedByPath = Map.copyOf(seedByPath);
  }

  /**
   * Reads {@link #toJson}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static SeedHoldings parse(String json) {
    Map<String, List<String>> pathsBySeed;
    try {
      pathsBySeed = JSON.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not what seeds hold: " + e.getOriginalMessage(), e);
    }
    Map<String, String> seedByPath = new HashMap<>();
    pathsBySeed.forEach((seed, paths) -> paths.forEach(path -> seedByPath.put(path, seed)));
    return new SeedHoldings(seedByPath);
  }

  /** {@code {"<seed>": ["<path>", …]}}, sorted: the same for equal holdings. */
  public String toJson() {
    Map<String, List<String>> pathsBySeed =
        seedByPath.keySet().stream()
            .sorted()
            .collect(
                Collectors.groupingBy(
                    seedByPath::get, TreeMap::new, Collectors.toUnmodifiableList()));
    try {
      return JSON.writeValueAsString(pathsBySeed);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are JSON", e);
    }
  }
}
