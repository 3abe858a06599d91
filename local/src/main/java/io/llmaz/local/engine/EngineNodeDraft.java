package io.llmaz.local.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** A copy of a configuration in which single values may be set. */
final class EngineNodeDraft {
  private final InetAddress ip;
  private final String hostname;
  boolean seed;
  private final Path directory;
  Path socket;
  int uploadPort;
  int proxyPort;
  int piecePort;
  Optional<InetSocketAddress> scheduler;
  Optional<URI> registry;
  long storeLimit;
  int concurrentPieces;
  OptionalLong pieceLength;
  Duration announceInterval;
  Duration stallTimeout;
  boolean backToSource;
  OptionalLong downloadLimit;
  OptionalLong uploadLimit;
  OptionalLong sourceLimit;

  EngineNodeDraft(EngineNodeConfig from) {
    ip = from.ip();
    hostname = from.hostname();
    seed = from.seed();
    directory = from.directory();
    socket = from.socket();
    uploadPort = from.uploadPort();
    proxyPort = from.proxyPort();
    piecePort = from.piecePort();
    scheduler = from.scheduler();
    registry = from.registry();
    storeLimit = from.storeLimit();
    concurrentPieces = from.concurrentPieces();
    pieceLength = from.pieceLength();
    announceInterval = from.announceInterval();
    stallTimeout = from.stallTimeout();
    backToSource = from.backToSource();
    downloadLimit = from.downloadLimit();
    uploadLimit = from.uploadLimit();
    sourceLimit = from.sourceLimit();
  }

  EngineNodeConfig config() {
    return new EngineNodeConfig(
        ip,
        hostname,
        seed,
        directory,
        socket,
        uploadPort,
        proxyPort,
        piecePort,
        scheduler,
        registry,
        storeLimit,
        concurrentPieces,
        pieceLength,
        announceInterval,
        stallTimeout,
        backToSource,
        downloadLimit,
        uploadLimit,
        sourceLimit);
  }
}
