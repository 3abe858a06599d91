package io.llmaz.loader;

import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TaskKeys;
import io.llmaz.source.HubReference;
import io.llmaz.source.ObjectPath;
import io.llmaz.source.SourceException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of the loader: llmaz's contract, and what P2P adds.
 *
 * @param hub what to load, from {@code MODEL_ID}, {@code REVISION}, {@code MODEL_FILENAME}, {@code
 *     MODEL_ALLOW_PATTERNS}, {@code MODEL_IGNORE_PATTERNS}; empty for an object store, which the
 *     gateway alone reads
 * @param model by which it is told from other models below the root: {@code MODEL_ID}, or the last
 *     part of {@code MODEL_PATH}
 * @param folder of its files below the root; empty for a single file, which lies at the root
 * @param modelScope whether {@code MODEL_HUB_NAME} is {@code ModelScope}
 * @param hubEndpoint {@code HF_ENDPOINT}, default {@code https://huggingface.co}; for ModelScope
 *     {@code MODELSCOPE_ENDPOINT}, default {@code https://modelscope.cn}
 * @param hubToken {@code HF_TOKEN} or {@code HUGGING_FACE_HUB_TOKEN}; for ModelScope {@code
 *     MODELSCOPE_API_TOKEN}
 * @param root {@code LLMAZ_MODEL_ROOT}, default {@code /workspace/models}
 * @param p2p the gateway and the node's daemon; empty without P2P
 * @param jsonLog whether {@code LLMAZ_LOG_FORMAT} is {@code json}
 */
record LoaderSettings(
    Optional<HubReference> hub,
    String model,
    Optional<String> folder,
    boolean modelScope,
    URI hubEndpoint,
    Optional<String> hubToken,
    Path root,
    Optional<P2p> p2p,
    boolean jsonLog) {
  private static final int DFDAEMON_UPLOAD_PORT = 4000;

  /**
   * Where the bytes come from with P2P.
   *
   * @param task {@code LLMAZ_TASK}
   * @param gateway {@code LLMAZ_GATEWAY}
   * @param tokenFile {@code LLMAZ_GATEWAY_TOKEN_FILE}
   * @param daemon {@code LLMAZ_NODE_IP} and {@code LLMAZ_DFDAEMON_PROXY_PORT}; empty without one
   * @param socket {@code LLMAZ_DFDAEMON_SOCKET}; empty where files are not linked
   * @param pod {@code HOSTNAME}, by which events of the task name this pod
   * @param keys how tasks are named: {@code LLMAZ_TASK_KEYS} is {@code content}, the default, or
   *     {@code addresses} where Dragonfly's manager fills the seeds
   * @param holders upload ports of daemons that must forget wrong bytes: the node's ({@code
   *     LLMAZ_DFDAEMON_UPLOAD_PORT}, default 4000) and {@code LLMAZ_SEEDS} (host:port, by comma)
   */
  record P2p(
      String task,
      URI gateway,
      Path tokenFile,
      Optional<InetSocketAddress> daemon,
      Optional<DaemonSocket> socket,
      String pod,
      TaskKeys keys,
      List<SeedAddress> holders) {
    P2p {
      holders = List.copyOf(holders);
    }
  }

  /**
   * The node's daemon by its unix socket, which can link files instead of sending their bytes.
   *
   * @param path {@code LLMAZ_DFDAEMON_SOCKET}
   * @param root {@code LLMAZ_DFDAEMON_MODEL_ROOT}: where the daemon sees the model root; default
   *     where this process does
   */
  record DaemonSocket(Path path, Path root) {}

  /**
   * Reads the environment.
   *
   * @throws LoaderException with exit code 64, in llmaz's words where llmaz has some
   */
  static LoaderSettings from(Map<String, String> environment) {
    String type = environment.getOrDefault("MODEL_SOURCE_TYPE", "");
    return switch (type) {
      case "modelhub" -> ofHub(environment);
      case "objstore" -> ofObjectStore(environment);
      default -> throw usage("unknown model source type " + (type.isEmpty() ? "None" : type));
    };
  }

  /**
   * The gateway alone has a store's keys and reads it; of this process it is known what to call it.
   */
  private static LoaderSettings ofObjectStore(Map<String, String> environment) {
    Optional<P2p> p2p = p2p(environment);
    if (p2p.isEmpty()) {
      throw usage(
          "object stores are loaded through the gateway (LLMAZ_TASK, LLMAZ_GATEWAY), or by llmaz's own model-loader image");
    }
    ObjectPath path = new ObjectPath(environment.getOrDefault("MODEL_PATH", ""));
    if (path.text().isEmpty()) {
      throw usage("MODEL_PATH is not set");
    }
    return new LoaderSettings(
        Optional.empty(),
        path.last(),
        path.isWeightsFile() ? Optional.empty() : Optional.of(path.place()),
        false,
        endpoint(environment, "HF_ENDPOINT", "https://huggingface.co"),
        Optional.empty(),
        root(environment),
        p2p,
        json(first(environment, "LLMAZ_LOG_FORMAT").orElse("text")));
  }

  private static LoaderSettings ofHub(Map<String, String> environment) {
    String hubName = environment.getOrDefault("MODEL_HUB_NAME", "Huggingface");
    boolean modelScope = hubName.equals("ModelScope");
    if (!modelScope && !hubName.equals("Huggingface")) {
      throw usage("Unknown model hub: " + hubName);
    }
    String modelId = environment.getOrDefault("MODEL_ID", "");
    if (modelId.isEmpty()) {
      throw usage("MODEL_ID is not set");
    }
    HubReference reference = reference(environment, modelId);
    return new LoaderSettings(
        Optional.of(reference),
        modelId,
        reference.filename() != null
            ? Optional.empty()
            : Optional.of("models--" + modelId.replace("/", "--")),
        modelScope,
        modelScope
            ? endpoint(environment, "MODELSCOPE_ENDPOINT", "https://modelscope.cn")
            : endpoint(environment, "HF_ENDPOINT", "https://huggingface.co"),
        modelScope
            ? first(environment, "MODELSCOPE_API_TOKEN")
            : first(environment, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"),
        root(environment),
        p2p(environment),
        json(first(environment, "LLMAZ_LOG_FORMAT").orElse("text")));
  }

  private static Path root(Map<String, String> environment) {
    return Path.of(environment.getOrDefault("LLMAZ_MODEL_ROOT", "/workspace/models"));
  }

  private static boolean json(String format) {
    return switch (format) {
      case "text" -> false;
      case "json" -> true;
      default -> throw usage("the log format is text or json, not " + format);
    };
  }

  private static HubReference reference(Map<String, String> environment, String modelId) {
    try {
      return new HubReference(
          modelId,
          first(environment, "REVISION").orElse("main"),
          first(environment, "MODEL_FILENAME").orElse(null),
          patterns(environment, "MODEL_ALLOW_PATTERNS"),
          patterns(environment, "MODEL_IGNORE_PATTERNS"));
    } catch (SourceException e) {
      throw usage("MODEL_ID: " + e.getMessage());
    }
  }

  private static Optional<P2p> p2p(Map<String, String> environment) {
    Optional<String> task = first(environment, "LLMAZ_TASK");
    Optional<String> gateway = first(environment, "LLMAZ_GATEWAY");
    if (task.isEmpty() || gateway.isEmpty()) {
      return Optional.empty();
    }
    Path token =
        Path.of(
            environment.getOrDefault(
                "LLMAZ_GATEWAY_TOKEN_FILE", "/var/run/secrets/llmaz.io/gateway/token"));
    Optional<String> node = first(environment, "LLMAZ_NODE_IP");
    Optional<Integer> proxyPort = port(environment, "LLMAZ_DFDAEMON_PROXY_PORT");
    Optional<InetSocketAddress> daemon =
        node.flatMap(ip -> proxyPort.map(port -> new InetSocketAddress(ip, port)));
    List<SeedAddress> holders = new ArrayList<>();
    if (daemon.isPresent()) {
      int port = port(environment, "LLMAZ_DFDAEMON_UPLOAD_PORT").orElse(DFDAEMON_UPLOAD_PORT);
      holders.add(new SeedAddress(node.orElseThrow(), port));
    }
    holders.addAll(seeds(environment));
    URI base = uri(gateway.get(), "LLMAZ_GATEWAY");
    return Optional.of(
        new P2p(
            task.get(),
            base,
            token,
            daemon,
            first(environment, "LLMAZ_DFDAEMON_SOCKET")
                .map(socket -> daemonSocket(environment, socket)),
            first(environment, "HOSTNAME").orElse("loader"),
            keys(first(environment, "LLMAZ_TASK_KEYS").orElse("content"), base),
            holders));
  }

  private static TaskKeys keys(String rule, URI gateway) {
    return switch (rule) {
      case "content" -> TaskKeys.CONTENT;
      case "addresses" -> TaskKeys.ofAddresses(gateway);
      default -> throw usage("LLMAZ_TASK_KEYS is content or addresses, not " + rule);
    };
  }

  private static DaemonSocket daemonSocket(Map<String, String> environment, String socket) {
    Path root =
        first(environment, "LLMAZ_DFDAEMON_MODEL_ROOT")
            .map(Path::of)
            .orElseGet(() -> root(environment));
    if (!root.isAbsolute()) {
      throw usage("LLMAZ_DFDAEMON_MODEL_ROOT is not an absolute path: " + root);
    }
    return new DaemonSocket(Path.of(socket), root);
  }

  private static List<SeedAddress> seeds(Map<String, String> environment) {
    try {
      return patterns(environment, "LLMAZ_SEEDS").stream().map(SeedAddress::parse).toList();
    } catch (IllegalArgumentException e) {
      throw usage("LLMAZ_SEEDS: " + e.getMessage());
    }
  }

  private static Optional<Integer> port(Map<String, String> environment, String variable) {
    return first(environment, variable)
        .map(text -> {
          if (!text.matches("[0-9]{1,5}")
              || Integer.parseInt(text) < 1
              || Integer.parseInt(text) > 65535) {
            throw usage(variable + " is not a port: " + text);
          }
          return Integer.parseInt(text);
        });
  }

  private static URI endpoint(Map<String, String> environment, String variable, String usual) {
    return uri(first(environment, variable).orElse(usual), variable);
  }

  private static URI uri(String text, String variable) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw usage(variable + " is not an address: " + text);
    }
    throw usage(variable + " is not an address: " + text);
  }

  private static List<String> patterns(Map<String, String> environment, String variable) {
    return Arrays.stream(environment.getOrDefault(variable, "").split(","))
        .filter(pattern -> !pattern.isEmpty())
        .toList();
  }

  private static Optional<String> first(Map<String, String> environment, String... variables) {
    return Arrays.stream(variables)
        .map(variable -> environment.getOrDefault(variable, ""))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  private static LoaderException usage(String message) {
    return new LoaderException(LoaderException.Exit.USAGE, message);
  }
}
