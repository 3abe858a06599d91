package io.llmaz.local.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * How a node of the embedded engine runs. {@link #at} gives Dragonfly's defaults where it has them;
 * the {@code with} methods change one thing each.
 *
 * @param ip the node's address: it listens there and other nodes reach it there
 * @param hostname its name, which with the address is its identity at the scheduler
 * @param seed whether it is a seed, which reads sources for the others
 * @param directory where its store lies
 * @param socket the unix socket for programs on the node; at most 107 bytes
 * @param uploadPort gRPC port for other nodes and the scheduler, 0 for a free one
 * @param proxyPort HTTP port, 0 for a free one
 * @param piecePort port of the pieces, 0 for a free one
 * @param scheduler empty for a node that works alone
 * @param registry where origin-form requests go that name no registry
 * @param storeLimit bytes that all tasks together may take
 * @param concurrentPieces pieces of one task in flight at a time
 * @param pieceLength length of pieces; empty for Dragonfly's rule
 * @param announceInterval how often the node tells the scheduler that it is there
 * @param stallTimeout how long parents may show nothing new before others are asked for
 * @param backToSource whether it may read a source when peers cannot help
 * @param downloadLimit bytes a second from peers, empty for none
 * @param uploadLimit bytes a second to peers, empty for none
 * @param sourceLimit bytes a second from sources, empty for none
 */
public record EngineNodeConfig(
    InetAddress ip,
    String hostname,
    boolean seed,
    Path directory,
    Path socket,
    int uploadPort,
    int proxyPort,
    int piecePort,
    Optional<InetSocketAddress> scheduler,
    Optional<URI> registry,
    long storeLimit,
    int concurrentPieces,
    OptionalLong pieceLength,
    Duration announceInterval,
    Duration stallTimeout,
    boolean backToSource,
    OptionalLong downloadLimit,
    OptionalLong uploadLimit,
    OptionalLong sourceLimit) {
  public EngineNodeConfig {
    Objects.requireNonNull(ip, "ip is null");
    Objects.requireNonNull(directory, "directory is null");
    Objects.requireNonNull(socket, "socket is null");
    requirePort(uploadPort);
    requirePort(proxyPort);
    requirePort(piecePort);
    if (storeLimit <= 0) {
      throw new IllegalArgumentException("store limit must be positive: " + storeLimit);
    }
    if (announceInterval.isNegative() || announceInterval.isZero()) {
      throw new IllegalArgumentException("announce interval must be positive");
    }
  }

  /** A peer with free ports, no scheduler, and no limit but the disk's. */
  public static EngineNodeConfig at(InetAddress ip, String hostname, Path directory) {
    return new EngineNodeConfig(
        ip,
        hostname,
        false,
        directory,
        directory.resolve("dfdaemon.sock"),
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        Long.MAX_VALUE,
        4,
        OptionalLong.empty(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        true,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** As a seed. */
  public EngineNodeConfig asSeed() {
    return edit(draft -> draft.seed = true);
  }

  /** Under a scheduler. */
  public EngineNodeConfig withScheduler(InetSocketAddress address) {
    return edit(draft -> draft.scheduler = Optional.of(address));
  }

  /** On fixed ports. */
  public EngineNodeConfig withPorts(int upload, int proxy, int pieces) {
    return edit(draft -> {
      draft.uploadPort = upload;
      draft.proxyPort = proxy;
      draft.piecePort = pieces;
    });
  }

  /** With another unix socket. */
  public EngineNodeConfig withSocket(Path path) {
    return edit(draft -> draft.socket = path);
  }

  /** As a mirror of one registry by default. */
  public EngineNodeConfig withRegistry(URI base) {
    return edit(draft -> draft.registry = Optional.of(base));
  }

  /** With a store of at most so many bytes. */
  public EngineNodeConfig withStoreLimit(long bytes) {
    return edit(draft -> draft.storeLimit = bytes);
  }

  /** With so many pieces of a task in flight. */
  public EngineNodeConfig withConcurrentPieces(int pieces) {
    return edit(draft -> draft.concurrentPieces = pieces);
  }

  /** With pieces of a fixed length. */
  public EngineNodeConfig withPieceLength(long bytes) {
    return edit(draft -> draft.pieceLength = OptionalLong.of(bytes));
  }

  /** Announcing itself so often. */
  public EngineNodeConfig withAnnounceInterval(Duration interval) {
    return edit(draft -> draft.announceInterval = interval);
  }

  /** Giving parents so long to show something new. */
  public EngineNodeConfig withStallTimeout(Duration timeout) {
    return edit(draft -> draft.stallTimeout = timeout);
  }

  /** Never reading a source. */
  public EngineNodeConfig withoutBackToSource() {
    return edit(draft -> draft.backToSource = false);
  }

  /** With limits in bytes a second. */
  public EngineNodeConfig withBandwidth(
      OptionalLong download, OptionalLong upload, OptionalLong source) {
    return edit(draft -> {
      draft.downloadLimit = download;
      draft.uploadLimit = upload;
      draft.sourceLimit = source;
    });
  }

  private EngineNodeConfig edit(Consumer<EngineNodeDraft> change) {
    EngineNodeDraft draft = new EngineNodeDraft(this);
    change.accept(draft);
    return draft.config();
  }

  private static void requirePort(int port) {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }
}
