package io.llmaz.operator.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * What a process is started with. Everything else is in {@link GlobalConfig} and may change while
 * it runs.
 *
 * @param namespace where the operator's own objects are
 * @param healthPort of {@code /healthz} and {@code /readyz}; 0 for any free one
 * @param metricsPort of {@code /metrics}; 0 for any free one
 * @param bindAddress on which both listen
 * @param leaderElection whether a Lease decides which of several operators works
 * @param gatewayTokenFile the token with which the operator asks the gateway, read for each request
 * @param concurrentFiles how many files are on their way into seeds at once
 * @param concurrentBytes how many bytes those files have together; a larger file goes alone
 * @param concurrentNodeFiles how many files are on their way into nodes at once
 * @param fallbackAfter how long an engine or gateway may be away before loaders go to the source
 */
public record OperatorConfig(
    String namespace,
    int healthPort,
    int metricsPort,
    String bindAddress,
    boolean leaderElection,
    Path gatewayTokenFile,
    int concurrentFiles,
    long concurrentBytes,
    int concurrentNodeFiles,
    Duration fallbackAfter) {

  /**
   * One row of the table of settings.
   *
   * @param name the environment variable
   * @param defaultText what holds when it is not set
   * @param doc one line for {@code --help}
   */
  public record Setting<T>(
      String name, String defaultText, String doc, Function<String, T> parser) {
    T read(Map<String, String> environment) {
      String text = environment.getOrDefault(name, defaultText);
      try {
        return parser.apply(text);
      } catch (RuntimeException e) {
        throw new IllegalArgumentException(name + " is no valid value: " + text, e);
      }
    }

    private static int port(String text) {
      int port = Integer.parseInt(text);
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("no port");
      }
      return port;
    }

    private static boolean bool(String text) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException("neither true nor false");
      };
    }

    private static long positive(String text) {
      long value = Long.parseLong(text);
      if (value < 1) {
        throw new IllegalArgumentException("not positive");
      }
      return value;
    }
  }

  static final Setting<String> NAMESPACE =
      new Setting<>(
          "LLMAZ_NAMESPACE", "llmaz-system", "namespace of the operator's objects", s -> s);
  static final Setting<Integer> HEALTH_PORT =
      new Setting<>("LLMAZ_HEALTH_PORT", "8081", "port of /healthz and /readyz", Setting::port);
  static final Setting<Integer> METRICS_PORT =
      new Setting<>("LLMAZ_METRICS_PORT", "8080", "port of /metrics", Setting::port);
  static final Setting<String> BIND_ADDRESS =
      new Setting<>("LLMAZ_BIND_ADDRESS", "0.0.0.0", "address both listen on", s -> s);
  static final Setting<Boolean> LEADER_ELECTION =
      new Setting<>(
          "LLMAZ_LEADER_ELECTION", "false", "true when several operators run", Setting::bool);
  static final Setting<Path> GATEWAY_TOKEN_FILE =
      new Setting<>(
          "LLMAZ_GATEWAY_TOKEN_FILE",
          "/var/run/secrets/llmaz.io/gateway/token",
          "token for the gateway",
          Path::of);
  static final Setting<Integer> CONCURRENT_FILES =
      new Setting<>(
          "LLMAZ_CONCURRENT_FILES",
          "8",
          "files on their way into seeds at once",
          text -> Math.toIntExact(Setting.positive(text)));
  static final Setting<Long> CONCURRENT_BYTES =
      new Setting<>(
          "LLMAZ_CONCURRENT_BYTES",
          "68719476736",
          "bytes of those files together",
          Setting::positive);
  static final Setting<Integer> CONCURRENT_NODE_FILES =
      new Setting<>(
          "LLMAZ_CONCURRENT_NODE_FILES",
          "256",
          "files on their way into nodes at once (scope AllNodes)",
          text -> Math.toIntExact(Setting.positive(text)));
  static final Setting<Duration> FALLBACK_AFTER =
      new Setting<>(
          "LLMAZ_FALLBACK_AFTER",
          "PT10S",
          "how long engine or gateway may be away before loaders go to the source (ISO 8601)",
          Duration::parse);

  static final Setting<Boolean> UPGRADE_CRDS =
      new Setting<>(
          "LLMAZ_UPGRADE_CRDS",
          "false",
          "true: bring our CustomResourceDefinitions up to this version at the start",
          Setting::bool);

  /** Every setting, in the order of {@code --help}. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          NAMESPACE,
          HEALTH_PORT,
          METRICS_PORT,
          BIND_ADDRESS,
          LEADER_ELECTION,
          GATEWAY_TOKEN_FILE,
          CONCURRENT_FILES,
          CONCURRENT_BYTES,
          CONCURRENT_NODE_FILES,
          FALLBACK_AFTER,
          UPGRADE_CRDS);

  public OperatorConfig {
    Objects.requireNonNull(namespace, "namespace is null");
    Objects.requireNonNull(gatewayTokenFile, "gatewayTokenFile is null");
    if (concurrentFiles < 1 || concurrentBytes < 1 || concurrentNodeFiles < 1) {
      throw new IllegalArgumentException("at least one file and one byte at once");
    }
    if (fallbackAfter.isNegative()) {
      throw new IllegalArgumentException("negative fallbackAfter: " + fallbackAfter);
    }
  }

  /**
   * Reads a process's environment.
   *
   * @throws IllegalArgumentException when a value cannot be read; the message names the variable
   */
  public static OperatorConfig from(Map<String, String> environment) {
    return new OperatorConfig(
        NAMESPACE.read(environment),
        HEALTH_PORT.read(environment),
        METRICS_PORT.read(environment),
        BIND_ADDRESS.read(environment),
        LEADER_ELECTION.read(environment),
        GATEWAY_TOKEN_FILE.read(environment),
        CONCURRENT_FILES.read(environment),
        CONCURRENT_BYTES.read(environment),
        CONCURRENT_NODE_FILES.read(environment),
        FALLBACK_AFTER.read(environment));
  }

  /**
   * Whether the process, before it works, applies the definitions that it was built with. Not part
   * of the record: an operator that runs inside another process never does.
   *
   * @throws IllegalArgumentException when the value is neither true nor false
   */
  public static boolean upgradesCrds(Map<String, String> environment) {
    return UPGRADE_CRDS.read(environment);
  }
}
