package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What readers of one host share: connections and pauses. A sleep moves the clock. */
final class HostTrafficTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final OriginHttp http =
      new OriginHttp(
          new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(60)),
          now::get,
          new Random(1),
          pause -> {
            pauses.add(pause);
            now.updateAndGet(before -> before.plus(pause));
          },
          Duration.ofSeconds(5),
          Optional.empty(),
          2,
          "test");

  @Test
  void open_whileTheHostIsBusyWithAnotherFile_waitsAsLongAsItAsked() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (TestingOrigin hub =
        new TestingOrigin(
            "127.0.0.1",
            exchange -> {
              if (asked.getAndIncrement() == 0) {
                exchange.getResponseHeaders().set("Retry-After", "20");
                TestingOrigin.text(exchange, 429, "");
              } else {
                TestingOrigin.serve(exchange, new byte[10]);
              }
            })) {
      http.getOnce(hub.uri(), Map.of()).close(); // One reader is told to wait ...
      file(hub, "other").open(ByteRange.all(10)).close(); // ... another has heard of it.

      assertThat(pauses.getFirst()).isGreaterThanOrEqualTo(Duration.ofSeconds(20));
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void open_ofAFileThatIsRefusedForNow_triesAgainWhenItMay() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    try (TestingOrigin hub =
        new TestingOrigin(
            "127.0.0.1",
            exchange -> {
              if (asked.getAndIncrement() == 0) {
                exchange.getResponseHeaders().set("RateLimit", "\"resolvers\";r=0;t=30");
                TestingOrigin.text(exchange, 429, "");
              } else {
                TestingOrigin.serve(exchange, new byte[10]);
              }
            })) {
      try (InputStream in = file(hub, "f").open(ByteRange.all(10))) {
        assertThat(in.readAllBytes()).hasSize(10);
      }

      assertThat(now.get()).isAfterOrEqualTo(Instant.EPOCH.plusSeconds(30));
    }
  }

  @Test
  void get_whenTheHostAsksForALongPause_failsAtOnceForEverybodyAndSaysHowLong() {
    try (TestingOrigin hub =
        new TestingOrigin(
            "127.0.0.1",
            exchange -> {
              exchange.getResponseHeaders().set("Retry-After", "250");
              TestingOrigin.text(exchange, 429, "");
            })) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> http.get(hub.uri(), Map.of()))
            .isInstanceOfSatisfying(
                SourceException.class,
                e -> assertThat(e.kind()).isEqualTo(SourceException.Kind.TRANSIENT))
            .hasMessageContaining("answered 429, and asks for a pause of 250 s");
      }
      assertThat(hub.asked).hasSize(1);
      assertThat(pauses).isEmpty();
    }
  }

  @Test
  void get_ofAnotherHost_isNotSlowed() throws IOException {
    try (TestingOrigin busy =
            new TestingOrigin(
                "127.0.0.1",
                exchange -> {
                  exchange.getResponseHeaders().set("Retry-After", "20");
                  TestingOrigin.text(exchange, 429, "");
                });
        TestingOrigin other =
            new TestingOrigin("127.0.0.2", exchange -> TestingOrigin.text(exchange, 200, ""))) {
      http.getOnce(busy.uri(), Map.of()).close();
      http.get(other.uri(), Map.of()).close();

      assertThat(pauses).isEmpty();
    }
  }

  @Test
  void open_byManyReaders_neverHasMoreConnectionsThanAllowed() throws Exception {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch goOn = new CountDownLatch(1);
    try (TestingOrigin hub =
            new TestingOrigin(
                "127.0.0.1",
                exchange -> {
                  most.accumulateAndGet(open.incrementAndGet(), Math::max);
                  await(goOn);
                  open.decrementAndGet();
                  TestingOrigin.serve(exchange, new byte[1000]);
                });
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      HttpFile file = file(hub, "f", 1000);
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        readers.add(
            threads.submit(() -> {
              try (InputStream in = file.open(ByteRange.all(1000))) {
                return in.readAllBytes().length;
              }
            }));
      }
      Awaitility.await().until(() -> open.get() == 2);
      goOn.countDown();

      for (Future<Integer> reader : readers) {
        assertThat(reader.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
      }
      assertThat(most).hasValue(2);
    }
  }

  @Test
  void open_thatFails_givesItsConnectionBack() {
    try (TestingOrigin hub =
        new TestingOrigin("127.0.0.1", exchange -> TestingOrigin.text(exchange, 404, ""))) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> file(hub, "f").open(ByteRange.all(10)))
            .hasMessageContaining("has no f");
      }
    }
  }

  private HttpFile file(TestingOrigin hub, String name) {
    return file(hub, name, 10);
  }

  private HttpFile file(TestingOrigin hub, String name, long size) {
    return new HttpFile(http, URI.create(hub.uri() + "/" + name), Map.of(), name, size);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
