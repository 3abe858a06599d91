package io.llmaz.loader;

import java.time.Duration;

/** Calls something now and then, on a thread of its own, until closed. */
final class Ticker implements AutoCloseable {
  private final Thread thread;

  Ticker(Duration pause, Runnable tick) {
    thread =
        Thread.ofVirtual()
            .name("ticker")
            .start(() -> {
              try {
                while (true) {
                  Thread.sleep(pause);
                  tick.run();
                }
              } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
              }
            });
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
