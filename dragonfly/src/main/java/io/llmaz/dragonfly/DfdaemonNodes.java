package io.llmaz.dragonfly;

import io.llmaz.dragonfly.DaemonCalls.From;
import io.llmaz.dragonfly.api.dfdaemon.StatLocalTaskResponse;
import java.util.Collection;
import java.util.List;

/** {@link NodeEngine} over the upload ports of the nodes' daemons, real ones and embedded ones. */
public final class DfdaemonNodes implements NodeEngine {
  private final Channels channels;
  private final DaemonCalls calls;

  private DfdaemonNodes(DfdaemonEngineConfig config) {
    channels = new Channels(config.callDeadline(), config.tls());
    calls = new DaemonCalls(channels, config.callDeadline(), config.stallTimeout());
  }

  /** Starts it; nothing is connected before it is asked for something. */
  public static DfdaemonNodes start(DfdaemonEngineConfig config) {
    return new DfdaemonNodes(config);
  }

  @Override
  public boolean has(SeedAddress node, String taskId) {
    SeedPoll<StatLocalTaskResponse> poll = calls.stat(List.of(node), taskId);
    poll.requireAnyone();
    return poll.answers().stream().anyMatch(StatLocalTaskResponse::hasFinishedAt);
  }

  @Override
  public void fetch(SeedAddress node, FileTask task) throws InterruptedException {
    var _ = calls.download(node, task, From.PEERS, progress -> {});
  }

  @Override
  public void retain(Collection<SeedAddress> nodes) {
    channels.retain(nodes);
  }

  @Override
  public void close() {
    channels.close();
  }
}
