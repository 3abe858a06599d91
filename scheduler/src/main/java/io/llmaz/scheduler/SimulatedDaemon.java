package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Network;
import io.llmaz.dragonfly.api.common.Peer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A daemon of a {@link Simulation}, as far as its scheduler and its neighbours notice it: like
 * dfdaemon 1.5.10 it listens to the scheduler only while it has no parent.
 */
final class SimulatedDaemon implements PeerStream {
  final String name;
  final String zone;
  final boolean seed;
  final double bytesPerSecond;
  final boolean slow;
  final BitSet pieces = new BitSet();

  /** In the order in which it got them, which is the order in which it tells of them. */
  final List<Integer> told = new ArrayList<>();

  final List<SimulatedTransfer> sending = new ArrayList<>();
  private final ArrayDeque<Optional<Peer>> heard = new ArrayDeque<>();
  private final Consumer<SimulatedDaemon> hears;

  @Nullable SimulatedTransfer receiving;
  boolean alive = true;
  boolean silent;
  int answers;

  /** When it had the whole file; negative before. */
  double whole = -1;

  /**
   * A daemon that has nothing.
   *
   * @param hears told after each answer of the scheduler
   */
  SimulatedDaemon(
      String name,
      String zone,
      boolean seed,
      double bytesPerSecond,
      boolean slow,
      Consumer<SimulatedDaemon> hears) {
    this.name = name;
    this.zone = zone;
    this.seed = seed;
    this.bytesPerSecond = bytesPerSecond;
    this.slow = slow;
    this.hears = hears;
  }

  Host host() {
    return Host.newBuilder()
        .setId(name)
        .setType(seed ? 1 : 0)
        .setHostname(name)
        .setIp(name)
        .setPort(1)
        .setNetwork(Network.newBuilder().setIdc(zone))
        .build();
  }

  void has(int piece) {
    pieces.set(piece);
    told.add(piece);
  }

  /** The next answer: a parent, or empty for the source; null when there is none. */
  @SuppressWarnings("NullableOptional")
  @Nullable Optional<Peer> listen() {
    Optional<Peer> answer = heard.poll();
    if (answer != null) {
      answers++;
    }
    return answer;
  }

  @Override
  public void feedFrom(Peer parent) {
    heard.add(Optional.of(parent));
    hears.accept(this);
  }

  @Override
  public void readSource(String why) {
    heard.add(Optional.empty());
    hears.accept(this);
  }

  @Override
  public void taskIsEmpty() {}

  @Override
  public void metadataOnly() {}

  @Override
  public void refuse(String why) {
    throw new IllegalStateException(name + " was refused: " + why);
  }

  @Override
  public void notFound(String why) {
    refuse(why);
  }
}
