package io.llmaz.scheduler;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;

/** The scheduler as a process, where Dragonfly's own would run. */
public final class Main {
  /** {@code sysexits.h}: the command was used wrongly. */
  private static final int USAGE = 64;

  /** {@code sysexits.h}: a service is not available; here, an address. */
  private static final int UNAVAILABLE = 69;

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    if (arguments.length > 0) {
      help();
      System.exit(arguments[0].equals("--help") ? 0 : USAGE);
    }
    // Not at logback's usual place: there it would also be found by programs that embed a
    // scheduler.
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "io/llmaz/scheduler/logback.xml");
    }
    try {
      run(ProcessConfig.from(System.getenv()));
    } catch (IllegalArgumentException e) {
      System.err.println("scheduler: " + e.getMessage());
      System.exit(USAGE);
    } catch (UncheckedIOException e) {
      System.err.println("scheduler: " + e.getMessage());
      System.exit(UNAVAILABLE);
    }
  }

  private static void run(ProcessConfig config) throws InterruptedException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    SchedulerServer server = SchedulerServer.start(config.scheduler(), registry);
    StatusServer status;
    try {
      status = StatusServer.start(config.http(), server, registry::scrape);
    } catch (UncheckedIOException e) {
      server.close();
      throw e;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              server.drain(config.grace());
              server.close();
              status.close();
              stopped.countDown();
            }));
    // Whoever started us may read here where we listen.
    System.out.println("listening " + server.port() + " http " + status.port());
    stopped.await();
  }

  private static void help() {
    System.out.println("The scheduler is set by its environment:");
    for (ProcessConfig.Setting setting : ProcessConfig.SETTINGS) {
      System.out.printf("  %-34s %s (%s)%n", setting.name(), setting.doc(), setting.defaultText());
    }
  }
}
