package io.llmaz.cli;

import java.time.Duration;

/**
 * Makes Ctrl-C and {@code kill} an interrupt of the main thread, whose own {@code try} blocks then
 * stop what they started, in their order; the JVM waits for that. So there is one way to clean up,
 * however far the start had come.
 */
final class OrderlyStop {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Thread hook;
  private volatile boolean stopping;

  private OrderlyStop(Thread main) {
    hook = new Thread(() -> interrupt(main), "orderly-stop");
  }

  /** From now on, until its {@link #end}. */
  static OrderlyStop of(Thread main) {
    OrderlyStop stop = new OrderlyStop(main);
    Runtime.getRuntime().addShutdownHook(stop.hook);
    return stop;
  }

  private void interrupt(Thread main) {
    stopping = true;
    main.interrupt();
    try {
      main.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether somebody wants the program to stop; what fails from now on is no news. */
  boolean stopping() {
    return stopping;
  }

  /**
   * Ends it.
   *
   * @return whether the JVM is stopping already: then the main thread must just return
   */
  boolean end() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException stopping) {
      return true;
    }
  }
}
