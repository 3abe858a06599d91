package io.llmaz.operator.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SeedArrivalsTest {
  private final SeedArrivals arrivals = new SeedArrivals();
  private final Thread node = new Thread(this::awaitLarge);

  @AfterEach
  void stop() {
    node.interrupt();
  }

  @Test
  void await_fileThatNoSeedBeganWith_returnsWhenOneDoes() throws InterruptedException {
    arrivals.began("small");
    node.start();
    awaitThatTheNodeWaits();

    arrivals.began("large");

    node.join();
  }

  @Test
  void await_seedsFail_returnsWhenOneBeginsWithAnything() throws InterruptedException {
    arrivals.began("large");
    arrivals.failed();
    node.start();
    awaitThatTheNodeWaits();

    arrivals.began("small");

    node.join();
  }

  private void awaitThatTheNodeWaits() {
    Awaitility.await()
        .untilAsserted(() -> assertThat(node.getState()).isEqualTo(Thread.State.WAITING));
  }

  private void awaitLarge() {
    try {
      arrivals.await("large");
    } catch (InterruptedException stopped) {
      // The test is over.
    }
  }
}
