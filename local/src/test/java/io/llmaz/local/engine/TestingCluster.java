package io.llmaz.local.engine;

import io.llmaz.scheduler.SchedulerConfig;
import io.llmaz.scheduler.SchedulerServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** A scheduler, an origin, and nodes of their own loopback addresses. */
final class TestingCluster implements AutoCloseable {
  static final int PIECE = 64 << 10;

  final TestingOrigin origin = new TestingOrigin();
  final SchedulerServer scheduler;
  final List<EngineNode> nodes = new ArrayList<>();
  private final Map<EngineNode, EngineNodeConfig> configs = new HashMap<>();
  private final Map<InetSocketAddress, HttpClient> clients = new ConcurrentHashMap<>();
  private final Path directory;

  TestingCluster(Path directory) throws IOException {
    this.directory = directory;
    scheduler =
        SchedulerServer.start(
            SchedulerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  InetSocketAddress schedulerAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), scheduler.port());
  }

  EngineNode seed() throws IOException {
    return start("seed", EngineNodeConfig::asSeed);
  }

  EngineNode peer(String name) throws IOException {
    return start(name, UnaryOperator.identity());
  }

  EngineNode start(String name, UnaryOperator<EngineNodeConfig> change) throws IOException {
    InetAddress ip = InetAddress.getByName("127.83.7." + (nodes.size() + 1));
    return start(
        change.apply(
            EngineNodeConfig.at(ip, name, directory.resolve(name))
                .withScheduler(schedulerAddress())
                .withPieceLength(PIECE)
                .withStallTimeout(Duration.ofSeconds(2))));
  }

  /** Ends a node and starts it on the same disk and ports. */
  EngineNode restart(EngineNode node) throws IOException {
    EngineNodeConfig config =
        Objects.requireNonNull(configs.get(node))
            .withPorts(
                node.uploadAddress().getPort(),
                node.proxyAddress().getPort(),
                node.pieceAddress().getPort());
    node.close();
    return start(config);
  }

  private EngineNode start(EngineNodeConfig config) throws IOException {
    EngineNode node = EngineNode.start(config);
    configs.put(node, config);
    nodes.add(node);
    return node;
  }

  /** Asks a node's proxy for a URL as the loader does, through P2P. */
  HttpResponse<byte[]> get(EngineNode node, String url, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).header("X-Dragonfly-Use-P2P", "true");
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    HttpClient client =
        clients.computeIfAbsent(
            node.proxyAddress(),
            proxy -> HttpClient.newBuilder().proxy(ProxySelector.of(proxy)).build());
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    clients.values().forEach(HttpClient::shutdownNow);
    nodes.forEach(EngineNode::close);
    scheduler.close();
    origin.close();
  }
}
