package io.llmaz.operator.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.llmaz.dragonfly.TaskKeys;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster's administrator sets in ConfigMap {@code llmaz-global-config}, key {@code
 * config.data}: llmaz's two keys, and ours below {@code p2p}. Every key is optional.
 *
 * @param schedulerName {@code scheduler-name}: of pods that name none; null for the cluster's
 *     default
 * @param initContainerImage {@code init-container-image}: the model-loader's
 * @param p2p {@code p2p}: how bytes spread inside the cluster
 */
public record GlobalConfig(@Nullable String schedulerName, String initContainerImage, P2p p2p) {
  /** The ConfigMap's name. */
  public static final String CONFIG_MAP = "llmaz-global-config";

  /** The ConfigMap's key. */
  public static final String KEY = "config.data";

  /** What holds without any ConfigMap: llmaz as it is, without P2P. */
  public static final GlobalConfig DEFAULT =
      new GlobalConfig(null, "inftyai/model-loader:v0.0.10", P2p.DISABLED);

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  public GlobalConfig {
    Objects.requireNonNull(initContainerImage, "initContainerImage is null");
    Objects.requireNonNull(p2p, "p2p is null");
  }

  /**
   * With what the operator proves to Dragonfly who it is, and Dragonfly to it.
   *
   * @param directory a mounted Secret with {@code ca.crt}, {@code tls.crt} and {@code tls.key}
   * @param serverName the name in Dragonfly's certificates; null when they are issued for addresses
   */
  public record Tls(Path directory, @Nullable String serverName) {}

  /**
   * Dragonfly's manager, which has seeds filled where they cannot be reached.
   *
   * @param address of its REST server
   * @param tokenFile a mounted personal access token
   * @param authority certificates (PEM) that an https address is checked with; null for the usual
   *     ones
   * @param schedulerClusters where files go, by the manager's ids; empty for all that it has
   */
  public record Manager(
      URI address, Path tokenFile, @Nullable Path authority, List<Long> schedulerClusters) {
    public Manager {
      schedulerClusters = List.copyOf(schedulerClusters);
    }
  }

  /**
   * How bytes spread inside the cluster.
   *
   * @param enabled false makes the operator behave as llmaz does
   * @param gateway base address of the gateway; never null when enabled
   * @param seeds seed peers as {@code host:port} of their gRPC port
   * @param scheduler Dragonfly's scheduler as {@code host:port}; null when only daemons need it
   * @param manager through which models are brought to seeds; null when seeds are asked themselves
   * @param proxyPort the port of each node's dfdaemon where loaders ask
   * @param uploadPort the port of each node's dfdaemon where it takes tasks (gRPC)
   * @param prefetch labels of nodes to which every task is brought that does not name nodes itself;
   *     without any, all nodes; null for none
   * @param tls certificates for Dragonfly's scheduler and daemons; null for connections in the
   *     clear
   */
  public record P2p(
      boolean enabled,
      @Nullable URI gateway,
      List<String> seeds,
      @Nullable String scheduler,
      @Nullable Manager manager,
      int proxyPort,
      int uploadPort,
      @Nullable Map<String, String> prefetch,
      @Nullable Tls tls) {
    /** No P2P. */
    public static final P2p DISABLED =
        new P2p(false, null, List.of(), null, null, 4001, 4000, null, null);

    public P2p {
      seeds = List.copyOf(seeds);
      if (enabled && gateway == null) {
        throw new IllegalArgumentException("p2p.gateway is needed when p2p.enabled is true");
      }
      if (enabled && seeds.isEmpty() && scheduler == null && manager == null) {
        throw new IllegalArgumentException(
            "p2p.seeds or p2p.scheduler is needed when p2p.enabled is true, or p2p.manager");
      }
      requirePort("p2p.proxy-port", proxyPort);
      requirePort("p2p.upload-port", uploadPort);
      prefetch = prefetch == null ? null : Map.copyOf(prefetch);
    }

    /** How tasks are named: the manager can name them in one way only. */
    public TaskKeys keys() {
      return manager == null || gateway == null ? TaskKeys.CONTENT : TaskKeys.ofAddresses(gateway);
    }
  }

  /**
   * Reads the text of the key. Unknown keys are ignored, so that a newer chart serves an older
   * operator.
   *
   * @throws IllegalArgumentException when it is no YAML, or a value is of the wrong kind; the
   *     message names the key
   */
  public static GlobalConfig parse(String text) {
    JsonNode root;
    try {
      root = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not YAML: " + e.getOriginalMessage(), e);
    }
    if (root.isMissingNode() || root.isNull()) {
      return DEFAULT;
    }
    requireObject(root, KEY);
    String image = text(root, "init-container-image");
    return new GlobalConfig(
        text(root, "scheduler-name"),
        image == null ? DEFAULT.initContainerImage() : image,
        p2p(root.path("p2p")));
  }

  private static P2p p2p(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return P2p.DISABLED;
    }
    requireObject(node, "p2p");
    JsonNode enabled = node.path("enabled");
    if (!enabled.isMissingNode() && !enabled.isBoolean()) {
      throw new IllegalArgumentException("p2p.enabled is not true or false: " + enabled);
    }
    return new P2p(
        enabled.asBoolean(false),
        address("p2p.gateway", text(node, "gateway")),
        seeds(node.path("seeds")),
        text(node, "scheduler"),
        manager(node.path("manager")),
        port(node, "proxy-port", P2p.DISABLED.proxyPort()),
        port(node, "upload-port", P2p.DISABLED.uploadPort()),
        prefetch(node.path("prefetch")),
        tls(node.path("tls")));
  }

  private static @Nullable Manager manager(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    requireObject(node, "p2p.manager");
    URI address = address("p2p.manager.address", text(node, "address"));
    if (address == null) {
      throw new IllegalArgumentException("p2p.manager.address is needed in p2p.manager");
    }
    if (address.getRawUserInfo() != null || address.getRawQuery() != null) {
      // Not quoted: it may hold a password.
      throw new IllegalArgumentException("p2p.manager.address has a user or a query");
    }
    List<Long> clusters = new ArrayList<>();
    JsonNode ids = node.path("scheduler-clusters");
    if (!ids.isMissingNode() && !ids.isArray()) {
      throw new IllegalArgumentException("p2p.manager.scheduler-clusters is no list: " + ids);
    }
    for (JsonNode id : ids) {
      if (!id.isIntegralNumber() || id.asLong() < 1) {
        throw new IllegalArgumentException("p2p.manager.scheduler-clusters holds no id: " + id);
      }
      clusters.add(id.asLong());
    }
    String authority = text(node, "ca-file");
    return new Manager(
        address,
        file("p2p.manager.token-file", text(node, "token-file")),
        authority == null ? null : file("p2p.manager.ca-file", authority),
        clusters);
  }

  private static Path file(String key, @Nullable String path) {
    if (path == null || !Path.of(path).isAbsolute()) {
      throw new IllegalArgumentException(key + " is no absolute path: " + path);
    }
    return Path.of(path);
  }

  private static @Nullable Tls tls(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    requireObject(node, "p2p.tls");
    return new Tls(file("p2p.tls.directory", text(node, "directory")), text(node, "server-name"));
  }

  private static int port(JsonNode node, String key, int otherwise) {
    JsonNode port = node.path(key);
    if (!port.isMissingNode() && !port.isInt()) {
      throw new IllegalArgumentException("p2p." + key + " is no number: " + port);
    }
    return port.asInt(otherwise);
  }

  private static void requirePort(String key, int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(key + " is no port: " + port);
    }
  }

  private static @Nullable Map<String, String> prefetch(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    requireObject(node, "p2p.prefetch");
    JsonNode selector = node.path("node-selector");
    // Not "all nodes" for a key that is misspelt: that would fill disks.
    requireObject(selector, "p2p.prefetch.node-selector");
    Map<String, String> labels = new HashMap<>();
    selector
        .properties()
        .forEach(label -> {
          if (!label.getValue().isTextual()) {
            throw new IllegalArgumentException(
                "p2p.prefetch.node-selector: %s is no text: %s"
                    .formatted(label.getKey(), label.getValue()));
          }
          labels.put(label.getKey(), label.getValue().asText());
        });
    return labels;
  }

  private static @Nullable URI address(String key, @Nullable String address) {
    if (address == null) {
      return null;
    }
    URI uri = URI.create(address);
    if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
      throw new IllegalArgumentException(key + " is no http(s) address: " + address);
    }
    return uri;
  }

  private static List<String> seeds(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return List.of();
    }
    if (!node.isArray()) {
      throw new IllegalArgumentException("p2p.seeds is no list: " + node);
    }
    List<String> seeds = new ArrayList<>();
    for (JsonNode seed : node) {
      if (!seed.isTextual() || !seed.asText().matches("\\S+:\\d{1,5}")) {
        throw new IllegalArgumentException("p2p.seeds holds no host:port: " + seed);
      }
      seeds.add(seed.asText());
    }
    return seeds;
  }

  private static @Nullable String text(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException(key + " is no text: " + value);
    }
    return value.asText().isBlank() ? null : value.asText();
  }

  private static void requireObject(JsonNode node, String key) {
    if (!node.isObject()) {
      throw new IllegalArgumentException(key + " is no mapping: " + node);
    }
  }
}
