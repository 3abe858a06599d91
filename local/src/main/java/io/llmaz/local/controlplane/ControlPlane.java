package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A running control plane. */
public final class ControlPlane implements AutoCloseable {
  private static final String MANAGER = "llmaz-local";
  private static final int KEY_BYTES = 32;
  private static final Duration OWN_TOKENS = Duration.ofDays(30);

  static {
    // Small answers must not wait for the acknowledgement of the one before.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer http;
  private final ExecutorService threads;
  private final ObjectApi objects;
  private final ApiServer api;
  private final CustomKinds customKinds;
  private final Tokens tokens;
  private final GarbageCollector garbageCollector;
  private final Optional<Journal> journal;

  private ControlPlane(ControlPlaneConfig config, Optional<Journal> journal, byte[] key)
      throws IOException {
    InstantSource clock = InstantSource.system();
    this.journal = journal;
    ResourceTypes types = new ResourceTypes();
    ResourceStore store =
        new ResourceStore(
            journal.map(Journal::kept).orElse(java.util.Map.of()),
            journal.map(Journal::version).orElse(0L),
            journal.<java.util.function.Consumer<ResourceStore.Change>>map(j -> j).orElse(c -> {}));
    store.list(ResourceTypes.CRDS, "").items().forEach(types::addCrd);
    this.objects = new ObjectApi(store, types, clock);
    this.customKinds = new CustomKinds(types, clock);
    this.tokens = new Tokens(key, clock);
    this.api = new ApiServer(objects, customKinds, tokens, clock);
    this.http = HttpServer.create(config.listen(), 0);
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
    http.setExecutor(threads);
    http.createContext("/", api::handle);
    for (String namespace : List.of("default", "kube-system", "llmaz-system")) {
      ensureNamespace(namespace);
    }
    this.garbageCollector = new GarbageCollector(objects);
    http.start();
  }

  /**
   * Starts one.
   *
   * @throws UncheckedIOException when the address is in use or the directory cannot be used
   */
  public static ControlPlane start(ControlPlaneConfig config) {
    try {
      Optional<Journal> journal =
          config.directory().isPresent()
              ? Optional.of(Journal.open(config.directory().get()))
              : Optional.empty();
      return new ControlPlane(config, journal, key(config.directory()));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the control plane cannot start at " + config.listen() + ": " + e.getMessage(), e);
    }
  }

  private static byte[] key(Optional<Path> directory) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    if (directory.isPresent()) {
      Path file = directory.get().resolve("token.key");
      if (Files.exists(file)) {
        return Files.readAllBytes(file);
      }
      Files.write(file, key);
      file.toFile().setReadable(false, false);
      file.toFile().setReadable(true, true);
    }
    return key;
  }

  /** Where it is served. */
  public URI uri() {
    return URI.create(
        "http://" + http.getAddress().getHostString() + ":" + http.getAddress().getPort());
  }

  /** A kubeconfig of the machine's owner. */
  public String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: llmaz
      cluster: {server: "%s"}
    contexts:
    - name: llmaz
      context: {cluster: llmaz, user: owner, namespace: default}
    users:
    - name: owner
      user: {}
    current-context: llmaz
    """
        .formatted(uri());
  }

  /** How a client of the machine's owner reaches it. */
  public Config clientConfig() {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(uri().toString())
        .withNamespace("default")
        // A WebSocket watch would only be refused first.
        .withOnlyHttpWatches(true)
        .build();
  }

  /** How a client of a service account reaches it. */
  public Config clientConfig(String namespace, String serviceAccount) {
    return new ConfigBuilder(clientConfig())
        .withOauthToken(token(namespace, serviceAccount))
        .withNamespace(namespace)
        .build();
  }

  /** A token of a service account for this server, as a secret of whoever starts the program. */
  public String token(String namespace, String serviceAccount) {
    return tokens.issue(namespace, serviceAccount, List.of(), OWN_TOKENS).token();
  }

  /** Where {@code kubectl logs} reads. */
  public void setPodLogs(PodLogs logs) {
    api.setPodLogs(logs);
  }

  /**
   * Applies every document of a YAML stream, server-side, in order.
   *
   * @throws IllegalArgumentException when one is refused, with what and why
   */
  public void apply(String yaml) {
    for (ObjectNode object : Yaml.documents(yaml)) {
      ResourceType type =
          objects
              .types()
              .ofKind(object.path("apiVersion").asText(), object.path("kind").asText())
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "no kind "
                          + object.path("kind").asText()
                          + " in "
                          + object.path("apiVersion").asText()));
      String namespace =
          !type.namespaced()
              ? ""
              : Meta.namespace(object).isEmpty() ? "default" : Meta.namespace(object);
      try {
        customKinds.beforeWrite(type, object);
        objects.applyServerSide(
            type,
            namespace,
            Meta.name(object),
            object,
            new ObjectApi.Options(MANAGER, "", "", true),
            true);
      } catch (ApiException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
  }

  private void ensureNamespace(String name) {
    ResourceStore.Key key = ResourceStore.Key.of(ResourceTypes.NAMESPACES, "", name);
    ObjectApi.Options options = new ObjectApi.Options(MANAGER, "", "", false);
    if (objects.store().get(key).isEmpty()) {
      ObjectNode namespace = Json.object();
      Meta.of(namespace).put("name", name);
      objects.create(ResourceTypes.NAMESPACES, "", namespace, options);
      ObjectNode account = Json.object();
      Meta.of(account).put("name", "default");
      objects.create(ResourceTypes.SERVICE_ACCOUNTS, name, account, options);
    }
  }

  @Override
  public void close() {
    garbageCollector.close();
    http.stop(0);
    threads.shutdownNow();
    journal.ifPresent(Journal::close);
  }
}
