package io.llmaz.scheduler;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How the scheduler runs as a process: read from its environment.
 *
 * @param scheduler the gRPC service
 * @param http where {@code /healthz}, {@code /readyz}, {@code /metrics} and {@code /tasks} are
 * @param grace how long conversations under way may go on after a stop was asked for
 */
record ProcessConfig(SchedulerConfig scheduler, InetSocketAddress http, Duration grace) {
  private static final String LISTEN = "LLMAZ_SCHEDULER_LISTEN";
  private static final String HTTP_LISTEN = "LLMAZ_SCHEDULER_HTTP_LISTEN";
  private static final String FAILED_SEED_REST = "LLMAZ_SCHEDULER_FAILED_SEED_REST";
  private static final String HOST_LIFETIME = "LLMAZ_SCHEDULER_HOST_LIFETIME";
  private static final String GRACE = "LLMAZ_SCHEDULER_GRACE";

  /** A variable, what holds without it, and what it is for. */
  record Setting(String name, String defaultText, String doc) {}

  /** All of them, for {@code --help}. The ports are those of Dragonfly's scheduler. */
  static final List<Setting> SETTINGS =
      List.of(
          new Setting(LISTEN, "0.0.0.0:8002", "host:port of scheduler.v2"),
          new Setting(
              HTTP_LISTEN, "0.0.0.0:8000", "host:port of /healthz, /readyz, /metrics, /tasks"),
          new Setting(
              FAILED_SEED_REST, "PT30S", "how long a seed that failed at a task is left alone"),
          new Setting(
              HOST_LIFETIME, "PT10M", "how long a host that names no interval lives unannounced"),
          new Setting(GRACE, "PT10S", "how long conversations may go on after SIGTERM"));

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException naming the variable that is wrong
   */
  static ProcessConfig from(Map<String, String> environment) {
    return new ProcessConfig(
        new SchedulerConfig(
            address(environment, LISTEN),
            duration(environment, FAILED_SEED_REST),
            duration(environment, HOST_LIFETIME)),
        address(environment, HTTP_LISTEN),
        duration(environment, GRACE));
  }

  private static String text(Map<String, String> environment, String name) {
    String set = environment.getOrDefault(name, "");
    return set.isEmpty()
        ? SETTINGS.stream().filter(s -> s.name().equals(name)).findAny().orElseThrow().defaultText()
        : set;
  }

  private static Duration duration(Map<String, String> environment, String name) {
    String text = text(environment, name);
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (java.time.format.DateTimeParseException e) {
      // Said below, with the variable's name.
    }
    throw new IllegalArgumentException(
        name + " is no duration of ISO 8601, such as PT30S: " + text);
  }

  private static InetSocketAddress address(Map<String, String> environment, String name) {
    String text = text(environment, name);
    int colon = text.lastIndexOf(':');
    String host = colon > 0 ? text.substring(0, colon) : "";
    String port = text.substring(colon + 1);
    boolean bare = host.contains(":") && !(host.startsWith("[") && host.endsWith("]"));
    if (host.isEmpty() || bare || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
      throw new IllegalArgumentException(name + " is no host:port: " + text);
    }
    InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(port));
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(name + " names an unknown host: " + host);
    }
    return address;
  }
}
