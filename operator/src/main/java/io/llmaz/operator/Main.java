package io.llmaz.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.OperatorException;
import io.llmaz.operator.config.OperatorConfig;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** The operator as a process: wires from top to bottom, stops in the reverse order. */
public final class Main {
  /** {@code sysexits.h}: the command was used wrongly. */
  private static final int USAGE = 64;

  /** {@code sysexits.h}: something inside broke. */
  private static final int FAILED = 70;

  private Main() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length > 0) {
      help();
      System.exit(arguments[0].equals("--help") ? 0 : USAGE);
    }
    // Not at logback's usual place: there it would also be found by programs that embed an
    // operator.
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "io/llmaz/operator/logback.xml");
    }
    ApiServerCiphers.prefer();
    try {
      run(OperatorConfig.from(System.getenv()));
    } catch (IllegalArgumentException e) {
      System.err.println("operator: " + e.getMessage());
      System.exit(USAGE);
    } catch (OperatorException e) {
      // Probes have threads that would keep a process alive which will never work.
      LoggerFactory.getLogger(Main.class).error("The operator cannot start", e);
      System.exit(FAILED);
    }
  }

  private static void run(OperatorConfig config) throws IOException, InterruptedException {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmThreadMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    KubernetesClient client = new KubernetesClientBuilder().build();
    if (OperatorConfig.upgradesCrds(System.getenv())) {
      CrdUpgrade.run(client);
    }
    Operator operator =
        new Operator(client, config, instance(System.getenv()), metrics, Clock.systemUTC());
    ProbeServer probes =
        ProbeServer.start(
            config,
            operator::ready,
            () -> {
              operator.measure();
              return metrics.scrape();
            });
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              probes.close();
              operator.close();
              client.close();
              stopped.countDown();
            }));
    operator.start();
    stopped.await();
  }

  /** Which of several operators this is: the Pod's name, where there is a Pod. */
  private static String instance(Map<String, String> environment) {
    return environment.getOrDefault(
        "POD_NAME",
        environment.getOrDefault("HOSTNAME", "operator-" + ProcessHandle.current().pid()));
  }

  private static void help() {
    System.out.println("The operator is set by its environment:");
    for (OperatorConfig.Setting<?> setting : OperatorConfig.SETTINGS) {
      System.out.printf("  %-26s %s (%s)%n", setting.name(), setting.doc(), setting.defaultText());
    }
  }
}
