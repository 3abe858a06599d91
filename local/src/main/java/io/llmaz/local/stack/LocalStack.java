package io.llmaz.local.stack;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.llmaz.local.cluster.ImageProgram;
import io.llmaz.local.cluster.LocalCluster;
import io.llmaz.local.cluster.LocalClusterConfig;
import io.llmaz.local.cluster.LocalImages;
import io.llmaz.local.cluster.LocalNodeConfig;
import io.llmaz.local.controlplane.ControlPlane;
import io.llmaz.local.controlplane.ControlPlaneConfig;
import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.hub.DemoHub;
import io.llmaz.operator.Operator;
import io.llmaz.operator.config.OperatorConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole llmaz on one machine; see the package. For one thread, which also closes it. */
public final class LocalStack implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LocalStack.class);
  private static final String NAMESPACE = StackObjects.NAMESPACE;
  private static final Duration FALLBACK_AFTER = Duration.ofSeconds(2);

  private final LocalStackConfig config;
  private final StackAddresses addresses;
  private final LoopbackSubnet subnet;
  private final int proxyPort;
  private final int uploadPort;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final List<StackNode> nodes = new ArrayList<>();
  private final StackHub hub;
  private final ControlPlane controlPlane;
  private final KubernetesClient client;
  private final LocalCluster cluster;
  private Optional<StackEngine> engine = Optional.empty();
  private Optional<URI> gateway = Optional.empty();

  private LocalStack(LocalStackConfig config) throws IOException {
    this.config = config;
    Files.createDirectories(config.directory());
    Path kept = config.directory().resolve("addresses.properties");
    addresses =
        config.keep().isPresent() && Files.exists(kept)
            ? StackAddresses.load(kept)
            : StackAddresses.free(config.apiPort());
    subnet = addresses.subnet();
    proxyPort = addresses.proxy();
    uploadPort = subnet.freePort(proxyPort);
    try {
      hub = started(new StackHub(config, addresses.hub()));
      controlPlane =
          started(
              ControlPlane.start(
                  new ControlPlaneConfig(
                      new InetSocketAddress(
                          InetAddress.getLoopbackAddress(), addresses.apiServer()),
                      config.keep())));
      client =
          started(new KubernetesClientBuilder().withConfig(controlPlane.clientConfig()).build());
      StackObjects.kinds(controlPlane);
      StackObjects.token(client, config.p2p(), hub.token());
      if (config.p2p()) {
        engine =
            Optional.of(started(new StackEngine(subnet, config.directory(), config.programs())));
        startGateway();
      }
      installConfig();
      cluster =
          started(
              LocalCluster.start(
                  client, LocalClusterConfig.of(config.directory().resolve("nodes"), images())));
      controlPlane.setPodLogs(cluster::copyLog);
      addNodes(config.nodes());
      startOperator();
      if (config.keep().isPresent()) {
        addressesNow().save(kept);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts everything.
   *
   * @throws IOException when a part cannot start; then nothing is left running
   */
  public static LocalStack start(LocalStackConfig config) throws IOException {
    return new LocalStack(config);
  }

  private StackAddresses addressesNow() {
    return new StackAddresses(
        subnet,
        proxyPort,
        controlPlane.uri().getPort(),
        hub.hub().hubAddress().getPort(),
        gateway.map(URI::getPort).orElse(0));
  }

  private <T extends AutoCloseable> T started(T part) {
    running.push(part);
    return part;
  }

  private void startGateway() throws IOException {
    StackProcess process =
        started(
            StackProcess.start(
                config.programs(),
                "gateway",
                config.directory().resolve("gateway"),
                Map.of(
                    "KUBECONFIG", kubeconfig("gateway"),
                    "LLMAZ_GATEWAY_LISTEN", "127.0.0.1:" + addresses.gateway(),
                    "HF_ENDPOINT", hub.hub().hubAddress().toString(),
                    "LLMAZ_INSECURE_REGISTRIES", hub.hub().registryAddress().getAuthority())));
    gateway = Optional.of(URI.create(process.awaitListening()));
  }

  /** Writes how a program reaches the API server with its own account, for nobody else to read. */
  private String kubeconfig(String module) throws IOException {
    Path folder = Files.createDirectories(config.directory().resolve(module));
    Path file = folder.resolve("kubeconfig");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file,
        controlPlane
            .kubeconfig()
            .replace(
                "user: {}",
                "user: {token: " + controlPlane.token(NAMESPACE, "llmaz-" + module) + "}"));
    return file.toString();
  }

  private void installConfig() {
    engine.ifPresentOrElse(
        running ->
            StackObjects.configuration(
                client,
                gateway.orElseThrow(),
                running.seed().uploadAddress(),
                proxyPort,
                uploadPort),
        () -> StackObjects.configuration(client));
  }

  private LocalImages images() {
    Programs programs = config.programs();
    return LocalImages.none()
        .with(
            StackObjects.LOADER_IMAGE,
            ImageProgram.ofJava(
                "io.llmaz.loader.Main",
                programs.classPath("loader"),
                JavaProgram.options(programs, "loader"),
                Map.of(
                    "HF_ENDPOINT", hub.hub().hubAddress().toString(),
                    "LLMAZ_MODEL_ROOT", "/workspace/models",
                    "LLMAZ_GATEWAY_TOKEN_FILE", "/var/run/secrets/llmaz.io/gateway/token")))
        .withSharedClassPath(
            programs.classPath("runner").stream()
                .filter(jar -> !jar.equals(programs.jar("runner")))
                .toList());
  }

  /** Adds nodes, each with a daemon of its own that has nothing yet. */
  public void addNodes(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int host = nodes.size() + 1;
      String name = "node-" + host;
      Optional<EngineNode> daemon = Optional.empty();
      if (engine.isPresent()) {
        daemon = Optional.of(started(engine.get().daemon(name, host, uploadPort, proxyPort)));
      }
      cluster.addNode(
          new LocalNodeConfig(
              name,
              subnet.address(host).getHostAddress(),
              config.p2p() ? OptionalInt.of(proxyPort) : OptionalInt.empty(),
              Map.of()));
      nodes.add(new StackNode(name, daemon));
    }
  }

  private void startOperator() throws IOException {
    Path tokenFile = config.directory().resolve("operator-token");
    Files.writeString(tokenFile, controlPlane.token(NAMESPACE, "llmaz-operator"));
    if (config.programs().command("operator").isPresent()) {
      started(
          StackProcess.start(
              config.programs(),
              "operator",
              config.directory().resolve("operator"),
              Map.of(
                  "KUBECONFIG", kubeconfig("operator"),
                  "LLMAZ_BIND_ADDRESS", "127.0.0.1",
                  "LLMAZ_HEALTH_PORT", "0",
                  "LLMAZ_METRICS_PORT", "0",
                  "LLMAZ_GATEWAY_TOKEN_FILE", tokenFile.toString())));
      return;
    }
    KubernetesClient own =
        started(
            new KubernetesClientBuilder()
                .withConfig(controlPlane.clientConfig(NAMESPACE, "llmaz-operator"))
                .build());
    Operator operator =
        started(
            new Operator(
                own,
                new OperatorConfig(
                    NAMESPACE,
                    0,
                    0,
                    "127.0.0.1",
                    false,
                    tokenFile,
                    8,
                    64L << 30,
                    64,
                    FALLBACK_AFTER),
                "local",
                new SimpleMeterRegistry(),
                Clock.systemUTC()));
    operator.start();
  }

  /** Ends the seed, every node's daemon and the scheduler as a crash would: without a word. */
  public void killEngine() {
    engine.ifPresent(
        running -> running.kill(nodes.stream().flatMap(node -> node.daemon().stream()).toList()));
  }

  /** The API server's address and who we are there. */
  public ControlPlane controlPlane() {
    return controlPlane;
  }

  /** A client of the machine's owner. */
  public KubernetesClient client() {
    return client;
  }

  /** Hub and registry. */
  public DemoHub hub() {
    return hub.hub();
  }

  /** The model that the hub offers. */
  public String modelId() {
    return hub.modelId();
  }

  /** The runner's image without tag, as a BackendRuntime names it. */
  public String runnerImageRepository() {
    return hub.runnerImageRepository();
  }

  /** Every node, in the order in which they were added. */
  public List<StackNode> nodes() {
    return List.copyOf(nodes);
  }

  /** The seed's daemon; empty without P2P. */
  public Optional<EngineNode> seed() {
    return engine.map(StackEngine::seed);
  }

  /** The gateway's address; empty without P2P. */
  public Optional<URI> gatewayAddress() {
    return gateway;
  }

  /** The hub's token, to look for where it must not be. */
  public String hubToken() {
    return hub.token();
  }

  /** Writes a container's log. */
  public void copyLog(String namespace, String pod, String container, OutputStream out)
      throws IOException {
    cluster.copyLog(namespace, pod, container, false, out);
  }

  @Override
  public void close() {
    while (!running.isEmpty()) {
      AutoCloseable part = running.pop();
      try {
        part.close();
      } catch (IOException | UncheckedIOException e) {
        log.warn("{} did not stop cleanly", part.getClass().getSimpleName(), e);
      } catch (Exception e) {
        log.error("{} did not stop", part.getClass().getSimpleName(), e);
      }
    }
  }
}
