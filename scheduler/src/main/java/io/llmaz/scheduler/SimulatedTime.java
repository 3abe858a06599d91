package io.llmaz.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/** A clock that jumps from one thing that happens to the next; it begins at the epoch. */
final class SimulatedTime implements InstantSource {
  private static final double END_SECONDS = 1e6;

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private double now;
  private long order;

  private record Event(double at, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Double.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** Seconds since the beginning. */
  double now() {
    return now;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plus(Duration.ofNanos((long) (now * 1e9)));
  }

  void after(double seconds, Runnable action) {
    at(now + seconds, action);
  }

  /** What would be after the end never happens. */
  void at(double when, Runnable action) {
    if (when < END_SECONDS) {
      events.add(new Event(when, order++, action));
    }
  }

  /** Until nothing is to happen any more. */
  void run() {
    while (!events.isEmpty()) {
      Event event = events.remove();
      now = event.at();
      event.action().run();
    }
  }

  /** Nothing of what was to happen will. */
  void end() {
    events.clear();
  }
}
