package io.llmaz.gateway;

import io.fabric8.kubernetes.api.model.Quantity;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a gateway runs.
 *
 * @param listen {@code LLMAZ_GATEWAY_LISTEN}, default {@code 0.0.0.0:8088}
 * @param advertise {@code LLMAZ_GATEWAY_ADVERTISE}: base of the links; null means where it listens
 * @param namespace {@code POD_NAMESPACE}, default {@code llmaz-system}: of manifests and Secrets
 * @param service {@code LLMAZ_GATEWAY_SERVICE}, default {@code llmaz-gateway}: of all replicas
 * @param replica {@code LLMAZ_GATEWAY_REPLICA}: which of them this is; null means the only one
 * @param hubEndpoint {@code HF_ENDPOINT}, default {@code https://huggingface.co}
 * @param insecureRegistries {@code LLMAZ_INSECURE_REGISTRIES}, comma-separated hosts that are
 *     spoken to without TLS
 * @param linkLifetime {@code LLMAZ_LINK_LIFETIME}, an ISO 8601 duration, default six hours
 * @param cacheBytes {@code LLMAZ_CACHE_BYTES}, memory for small files (an eighth) and blocks of
 *     large ones, default 64 MiB
 * @param spool {@code LLMAZ_SPOOL_DIRECTORY}: where what was read from sources last is kept on
 *     disk; null keeps nothing there
 * @param spoolBytes {@code LLMAZ_SPOOL_SIZE}, a quantity of Kubernetes: how much of it, default 8Gi
 * @param byteBudget {@code LLMAZ_BYTE_BUDGET}: how many times its size a task may read from its
 *     source for each pod that was given links, default 1.5
 * @param originConnections {@code LLMAZ_ORIGIN_CONNECTIONS}: at once to each host, default 32
 * @param seedProxyPort {@code LLMAZ_DFDAEMON_PROXY_PORT}: where seeds give what they hold, default
 *     4001
 * @param stores addresses of ModelScope and object stores
 */
public record GatewayConfig(
    InetSocketAddress listen,
    @Nullable URI advertise,
    String namespace,
    String service,
    @Nullable String replica,
    URI hubEndpoint,
    Set<String> insecureRegistries,
    Duration linkLifetime,
    long cacheBytes,
    @Nullable Path spool,
    long spoolBytes,
    double byteBudget,
    int originConnections,
    int seedProxyPort,
    SourceEndpoints stores) {

  public GatewayConfig {
    insecureRegistries = Set.copyOf(insecureRegistries);
    if (linkLifetime.isNegative() || linkLifetime.isZero()) {
      throw new IllegalArgumentException("LLMAZ_LINK_LIFETIME must be positive: " + linkLifetime);
    }
    if (originConnections < 1) {
      throw new IllegalArgumentException(
          "LLMAZ_ORIGIN_CONNECTIONS must be at least 1: " + originConnections);
    }
    if (byteBudget < 1) {
      throw new IllegalArgumentException("LLMAZ_BYTE_BUDGET must be at least 1: " + byteBudget);
    }
  }

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException naming the variable that is wrong
   */
  public static GatewayConfig from(Map<String, String> environment) {
    return new GatewayConfig(
        address(environment.getOrDefault("LLMAZ_GATEWAY_LISTEN", "0.0.0.0:8088")),
        environment.containsKey("LLMAZ_GATEWAY_ADVERTISE")
            ? URI.create(environment.get("LLMAZ_GATEWAY_ADVERTISE"))
            : null,
        environment.getOrDefault("POD_NAMESPACE", "llmaz-system"),
        environment.getOrDefault("LLMAZ_GATEWAY_SERVICE", "llmaz-gateway"),
        environment.get("LLMAZ_GATEWAY_REPLICA"),
        URI.create(environment.getOrDefault("HF_ENDPOINT", "https://huggingface.co")),
        Arrays.stream(environment.getOrDefault("LLMAZ_INSECURE_REGISTRIES", "").split(","))
            .map(String::trim)
            .filter(host -> !host.isEmpty())
            .collect(Collectors.toSet()),
        Duration.parse(environment.getOrDefault("LLMAZ_LINK_LIFETIME", "PT6H")),
        Long.parseLong(environment.getOrDefault("LLMAZ_CACHE_BYTES", "67108864")),
        environment.containsKey("LLMAZ_SPOOL_DIRECTORY")
            ? Path.of(environment.get("LLMAZ_SPOOL_DIRECTORY"))
            : null,
        bytes("LLMAZ_SPOOL_SIZE", environment.getOrDefault("LLMAZ_SPOOL_SIZE", "8Gi")),
        Double.parseDouble(environment.getOrDefault("LLMAZ_BYTE_BUDGET", "1.5")),
        Integer.parseInt(environment.getOrDefault("LLMAZ_ORIGIN_CONNECTIONS", "32")),
        Integer.parseInt(environment.getOrDefault("LLMAZ_DFDAEMON_PROXY_PORT", "4001")),
        SourceEndpoints.from(environment));
  }

  private static long bytes(String variable, String quantity) {
    try {
      long bytes = Quantity.getAmountInBytes(Quantity.parse(quantity)).longValueExact();
      if (bytes > 0) {
        return bytes;
      }
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          variable + " is a quantity of bytes such as 8Gi, not " + quantity, e);
    }
    throw new IllegalArgumentException(variable + " must be positive: " + quantity);
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("LLMAZ_GATEWAY_LISTEN is host:port, not " + text);
    }
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }
}
