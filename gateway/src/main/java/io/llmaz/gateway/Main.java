package io.llmaz.gateway;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.concurrent.CountDownLatch;

/** The gateway as a process. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    // Not at logback's usual place: there it would also be found by programs that embed a gateway.
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "io/llmaz/gateway/logback.xml");
    }
    GatewayConfig config;
    try {
      config = GatewayConfig.from(System.getenv());
    } catch (RuntimeException e) {
      System.err.println("gateway: " + e.getMessage());
      System.exit(64);
      return;
    }
    KubernetesClient client = new KubernetesClientBuilder().build();
    GatewayServer server = GatewayServer.start(config, client);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              server.close();
              client.close();
              stopped.countDown();
            }));
    // Whoever started us may read here where we listen.
    System.out.println("listening " + server.address());
    stopped.await();
  }
}
