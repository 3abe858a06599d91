package io.llmaz.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What this process does at each host: so many connections at once, and nothing while the host
 * wants to be left alone. Readers of one host share both, whatever they read. Safe for many
 * threads.
 */
final class HostTraffic {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final int connections;
  private final InstantSource clock;
  private final Map<String, Host> hosts = new ConcurrentHashMap<>();

  private static final class Host {
    final Semaphore free;
    final AtomicReference<Instant> quietUntil = new AtomicReference<>(Instant.MIN);

    Host(int connections) {
      free = new Semaphore(connections, true);
    }
  }

  /**
   * No traffic yet.
   *
   * @param connections at once to each host; a connection counts until its body is closed
   */
  HostTraffic(int connections, InstantSource clock) {
    if (connections < 1) {
      throw new IllegalArgumentException("at least one connection is needed: " + connections);
    }
    this.connections = connections;
    this.clock = clock;
  }

  /** How long a host wants to be left alone from now on. */
  Optional<Duration> quiet(String host) {
    Duration left = Duration.between(clock.instant(), host(host).quietUntil.get());
    return left.isPositive() ? Optional.of(left) : Optional.empty();
  }

  /** Leaves a host alone for a while; a pause that is longer already stays. */
  void pause(String host, Duration pause) {
    Instant until = clock.instant().plus(pause);
    host(host).quietUntil.accumulateAndGet(until, (a, b) -> a.isAfter(b) ? a : b);
  }

  /**
   * Waits for one of the host's connections.
   *
   * @throws IOException when none becomes free for a minute
   */
  Connection connect(String host) throws IOException {
    Semaphore free = host(host).free;
    try {
      if (!free.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(
            "all " + connections + " connections that we allow ourselves were busy for a minute");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return new Connection(free);
  }

  private Host host(String name) {
    return hosts.computeIfAbsent(name, key -> new Host(connections));
  }

  /** One connection; given back once, however often it is closed. */
  static final class Connection implements AutoCloseable {
    private final Semaphore free;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Connection(Semaphore free) {
      this.free = free;
    }

    /** A body that gives the connection back when it is closed. */
    InputStream body(InputStream content) {
      return new FilterInputStream(content) {
        @Override
        public void close() throws IOException {
          try {
            super.close();
          } finally {
            Connection.this.close();
          }
        }
      };
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        free.release();
      }
    }
  }
}
