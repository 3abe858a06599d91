package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Piece;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerRequest.RequestCase;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a scheduler counts: by the names of Dragonfly's scheduler ({@code dragonfly_scheduler_*},
 * its {@code scheduler/metrics}) where it counts the same, else {@code llmaz_scheduler_*}.
 */
final class SchedulerMetrics {
  private static final String DRAGONFLY = "dragonfly.scheduler.";
  private static final String OURS = "llmaz.scheduler.";

  private final MeterRegistry registry;
  private final Map<Tags, AtomicLong> traffic = new ConcurrentHashMap<>();

  SchedulerMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A swarm's size, read whenever somebody scrapes. */
  void watch(Swarm swarm) {
    Gauge.builder(OURS + "hosts", swarm, Swarm::hostCount).register(registry);
    Gauge.builder(OURS + "tasks", swarm, s -> s.taskIds().size()).register(registry);
    for (PeerState state : PeerState.values()) {
      Gauge.builder(OURS + "peers", swarm, s -> s.peerCount(state))
          .tag("state", state.name())
          .register(registry);
    }
  }

  /** A call came in, such as {@code announce.host}. */
  void called(String call) {
    registry.counter(DRAGONFLY + call).increment();
  }

  /** A call was refused. */
  void refused(String call) {
    registry.counter(DRAGONFLY + call + ".failure").increment();
  }

  /** A message of an AnnouncePeer stream; registrations are counted by {@link #registered}. */
  void heard(RequestCase message) {
    switch (message) {
      case DOWNLOAD_PEER_STARTED_REQUEST -> called("download.peer.started");
      case DOWNLOAD_PEER_BACK_TO_SOURCE_STARTED_REQUEST ->
          called("download.peer.back.to.source.started");
      case DOWNLOAD_PEER_FINISHED_REQUEST, DOWNLOAD_PEER_BACK_TO_SOURCE_FINISHED_REQUEST ->
          called("download.peer.finished");
      case DOWNLOAD_PEER_FAILED_REQUEST -> refused("download.peer.finished");
      case DOWNLOAD_PEER_BACK_TO_SOURCE_FAILED_REQUEST ->
          refused("download.peer.back.to.source.finished");
      case DOWNLOAD_PIECE_FINISHED_REQUEST, DOWNLOAD_PIECE_BACK_TO_SOURCE_FINISHED_REQUEST ->
          called("download.piece.finished");
      case DOWNLOAD_PIECE_FAILED_REQUEST -> refused("download.piece.finished");
      case DOWNLOAD_PIECE_BACK_TO_SOURCE_FAILED_REQUEST ->
          refused("download.piece.back.to.source.finished");
      case RESCHEDULE_PEER_REQUEST -> registry.counter(OURS + "reschedules").increment();
      case REGISTER_PEER_REQUEST, REQUEST_NOT_SET -> {
        // The one is counted elsewhere, the other is no message.
      }
    }
  }

  void registered(Host host, Download download) {
    registry
        .counter(
            DRAGONFLY + "register.peer",
            of(host, download).and("priority", download.getPriority().name()))
        .increment();
  }

  void received(Host host, Download download, Piece piece) {
    Tags tags = of(host, download).and("type", piece.getTrafficType().name());
    traffic.computeIfAbsent(tags, this::trafficGauge).addAndGet(piece.getLength());
  }

  /** A gauge that only grows: a counter's name would end in _total, and Dragonfly's does not. */
  private AtomicLong trafficGauge(Tags tags) {
    AtomicLong bytes = new AtomicLong();
    Gauge.builder(DRAGONFLY + "traffic", bytes, AtomicLong::get).tags(tags).register(registry);
    return bytes;
  }

  void downloaded(Duration took) {
    registry
        .summary(DRAGONFLY + "download.peer.duration.milliseconds")
        .record((double) took.toMillis());
  }

  void scheduled(long nanos) {
    registry.summary(DRAGONFLY + "schedule.duration.milliseconds").record(nanos / 1e6);
  }

  void decided(Decision decision) {
    registry.counter(OURS + "decisions", "kind", decision.getClass().getSimpleName()).increment();
  }

  private static Tags of(Host host, Download download) {
    return Tags.of(
        "host_type",
        host.getType() == 0 ? "normal" : "super",
        "task_type",
        download.getType().name());
  }
}
