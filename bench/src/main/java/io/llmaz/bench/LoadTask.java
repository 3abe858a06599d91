package io.llmaz.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task of {@link SchedulerLoadBenchmark}: its peers, and how long the scheduler took for each
 * answer.
 *
 * <p>An answer could not come before its peer had registered, nor before its parent had a place:
 * both moments are taken when the message that brought them was sent, so the way of messages
 * through both processes is part of the time.
 */
final class LoadTask {
  /** Of a file of 64 MiB. */
  static final int PIECES = 16;

  /** Between two pieces, as over links of some 100 Mbit/s. */
  static final int PIECE_MILLIS = 300;

  /**
   * An answer of the scheduler.
   *
   * @param at when it came, by {@link System#nanoTime()}
   * @param millis how long it took
   */
  record Answer(long at, double millis) {}

  private final String id;
  private final Consumer<Answer> answers;
  private final CountDownLatch incomplete;
  private final AtomicReference<@Nullable Throwable> failure;
  private final Map<String, LoadPeer> peers = new HashMap<>();

  LoadTask(
      String id,
      Consumer<Answer> answers,
      CountDownLatch incomplete,
      AtomicReference<@Nullable Throwable> failure) {
    this.id = id;
    this.answers = answers;
    this.incomplete = incomplete;
    this.failure = failure;
  }

  String id() {
    return id;
  }

  void add(LoadPeer peer) {
    peers.put(peer.id(), peer);
  }

  void answered(LoadPeer peer, String parent, long at, boolean counts) {
    LoadPeer feeding = peers.get(parent);
    long since = feeding == null ? peer.spoke() : Math.max(peer.spoke(), feeding.spoke());
    if (counts) {
      answers.accept(new Answer(at, (at - since) / 1e6));
    }
  }

  /** A child of this peer has everything. */
  void freedPlace(String parent) {
    LoadPeer peer = peers.get(parent);
    if (peer != null) {
      peer.freedPlace();
    }
  }

  void complete() {
    incomplete.countDown();
  }

  void failed(Throwable cause) {
    failure.set(cause);
    while (incomplete.getCount() > 0) {
      incomplete.countDown();
    }
  }
}
