package io.llmaz.local.stack;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.llmaz.api.Crds;
import io.llmaz.api.Policies;
import io.llmaz.local.cluster.ImageProgram;
import io.llmaz.local.cluster.LocalCluster;
import io.llmaz.local.cluster.LocalClusterConfig;
import io.llmaz.local.cluster.LocalImages;
import io.llmaz.local.cluster.LocalNodeConfig;
import io.llmaz.local.controlplane.ControlPlane;
import io.llmaz.local.controlplane.ControlPlaneConfig;
import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import io.llmaz.local.hub.BuiltInModel;
import io.llmaz.local.hub.DemoHub;
import io.llmaz.local.hub.DemoHubConfig;
import io.llmaz.local.hub.DemoImage;
import io.llmaz.local.hub.ModelRepository;
import io.llmaz.operator.Operator;
import io.llmaz.operator.config.OperatorConfig;
import io.llmaz.scheduler.SchedulerConfig;
import io.llmaz.scheduler.SchedulerServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final String NAMESPACE = "llmaz-system";
  private static final String LOADER_IMAGE = "llmaz/model-loader:local";
  private static final int SEED = 251;
  private static final int SCHEDULER = 252;
  private static final Duration FALLBACK_AFTER = Duration.ofSeconds(2);

  private final LocalStackConfig config;
  private final StackAddresses addresses;
  private final LoopbackSubnet subnet;
  private final int proxyPort;
  private final int uploadPort;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final List<StackNode> nodes = new ArrayList<>();
  private final String token = DemoHub.newToken();
  private final DemoImage image;
  private final DemoHub hub;
  private final ControlPlane controlPlane;
  private final KubernetesClient client;
  private final LocalCluster cluster;
  private Optional<SchedulerServer> scheduler = Optional.empty();
  private Optional<EngineNode> seed = Optional.empty();
  private Optional<GatewayProcess> gateway = Optional.empty();

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
    image = runnerImage();
    try {
      hub = started(startHub());
      controlPlane =
          started(
              ControlPlane.start(
                  new ControlPlaneConfig(
                      new InetSocketAddress(
                          InetAddress.getLoopbackAddress(), addresses.apiServer()),
                      config.keep())));
      client =
          started(new KubernetesClientBuilder().withConfig(controlPlane.clientConfig()).build());
      installKinds();
      if (config.p2p()) {
        startEngine();
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
        hub.hubAddress().getPort(),
        gateway.map(process -> process.address().getPort()).orElse(0));
  }

  private <T extends AutoCloseable> T started(T part) {
    running.push(part);
    return part;
  }

  private DemoImage runnerImage() {
    return new DemoImage(
        "llmaz/embeddings",
        "v0.1.0",
        List.of(
            "java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            "/app/*",
            "io.llmaz.runner.Main"),
        List.of(Map.of("/app/llmaz-runner.jar", config.programs().jar("runner"))));
  }

  private DemoHub startHub() throws IOException {
    Path work = Files.createDirectories(config.directory().resolve("hub"));
    Path model = config.modelDirectory().orElse(config.directory().resolve("model"));
    if (config.modelDirectory().isEmpty() && !Files.exists(model)) {
      BuiltInModel.extract(model);
    }
    DemoHubConfig hubConfig =
        DemoHubConfig.of(
                List.of(new ModelRepository(modelId(), model, Optional.of(token))),
                List.of(image),
                work)
            .withRegistryToken(false)
            .withListen(new InetSocketAddress(InetAddress.getLoopbackAddress(), addresses.hub()));
    return DemoHub.start(config.sourceBandwidth().map(hubConfig::withBandwidth).orElse(hubConfig));
  }

  private void installKinds() throws IOException {
    Crds.NAMES.forEach(name -> controlPlane.apply(Crds.yaml(name)));
    Policies.NAMES.forEach(name -> controlPlane.apply(Policies.yaml(name)));
    try (InputStream system = LocalStack.class.getResourceAsStream("/io/llmaz/local/system.yaml")) {
      if (system == null) {
        throw new IllegalStateException("system.yaml is not in this build");
      }
      controlPlane.apply(new String(system.readAllBytes(), StandardCharsets.UTF_8));
    }
    // With P2P only the gateway's namespace holds the token; without it each pod needs it, as in
    // llmaz.
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("modelhub-secret")
                .withNamespace(config.p2p() ? NAMESPACE : "default")
                .endMetadata()
                .addToStringData("HF_TOKEN", token)
                .build())
        .serverSideApply();
  }

  private void startEngine() throws IOException {
    SchedulerServer started =
        started(
            SchedulerServer.start(
                SchedulerConfig.at(new InetSocketAddress(subnet.address(SCHEDULER), 0))));
    scheduler = Optional.of(started);
    seed = Optional.of(started(EngineNode.start(daemon("seed", SEED).asSeed().withPorts(0, 0, 0))));
  }

  private EngineNodeConfig daemon(String name, int host) {
    return EngineNodeConfig.at(
            subnet.address(host), name, config.directory().resolve("daemons").resolve(name))
        .withScheduler(
            new InetSocketAddress(subnet.address(SCHEDULER), scheduler.orElseThrow().port()));
  }

  private void startGateway() throws IOException {
    String kubeconfig =
        controlPlane
            .kubeconfig()
            .replace(
                "user: {}",
                "user: {token: " + controlPlane.token(NAMESPACE, "llmaz-gateway") + "}");
    gateway =
        Optional.of(
            started(
                GatewayProcess.start(
                    config.programs(),
                    config.directory().resolve("gateway"),
                    kubeconfig,
                    Map.of(
                        "LLMAZ_GATEWAY_LISTEN", "127.0.0.1:" + addresses.gateway(),
                        "HF_ENDPOINT", hub.hubAddress().toString(),
                        "LLMAZ_INSECURE_REGISTRIES", hub.registryAddress().getAuthority()))));
  }

  private void installConfig() {
    String p2p =
        config.p2p()
            ? """
            p2p:
              enabled: true
              gateway: %s
              seeds: ["%s"]
              proxy-port: %d
              upload-port: %d
            """
                .formatted(
                    gateway.orElseThrow().address(),
                    hostPort(seed.orElseThrow().uploadAddress()),
                    proxyPort,
                    uploadPort)
            : "";
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("llmaz-global-config")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToData("config.data", "init-container-image: " + LOADER_IMAGE + "\n" + p2p)
                .build())
        .serverSideApply();
  }

  private LocalImages images() {
    Programs programs = config.programs();
    return LocalImages.none()
        .with(
            LOADER_IMAGE,
            ImageProgram.ofJava(
                "io.llmaz.loader.Main",
                programs.classPath("loader"),
                JavaProgram.options(programs, "loader"),
                Map.of(
                    "HF_ENDPOINT", hub.hubAddress().toString(),
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
      if (config.p2p()) {
        daemon =
            Optional.of(
                started(EngineNode.start(daemon(name, host).withPorts(uploadPort, proxyPort, 0))));
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
    seed.ifPresent(EngineNode::kill);
    nodes.forEach(node -> node.daemon().ifPresent(EngineNode::kill));
    scheduler.ifPresent(SchedulerServer::close);
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
    return hub;
  }

  /** The model that the hub offers. */
  public String modelId() {
    return config
        .modelDirectory()
        .map(directory -> "demo/" + directory.toAbsolutePath().normalize().getFileName())
        .orElse(BuiltInModel.ID);
  }

  /** The runner's image without tag, as a BackendRuntime names it. */
  public String runnerImageRepository() {
    return hub.registryAddress().getAuthority() + "/" + image.repository();
  }

  /** Every node, in the order in which they were added. */
  public List<StackNode> nodes() {
    return List.copyOf(nodes);
  }

  /** The seed's daemon; empty without P2P. */
  public Optional<EngineNode> seed() {
    return seed;
  }

  /** The gateway's address; empty without P2P. */
  public Optional<URI> gatewayAddress() {
    return gateway.map(GatewayProcess::address);
  }

  /** The hub's token, to look for where it must not be. */
  public String hubToken() {
    return token;
  }

  /** Writes a container's log. */
  public void copyLog(String namespace, String pod, String container, OutputStream out)
      throws IOException {
    cluster.copyLog(namespace, pod, container, false, out);
  }

  private static String hostPort(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
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
