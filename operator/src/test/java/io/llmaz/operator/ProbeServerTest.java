package io.llmaz.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.operator.config.OperatorConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProbeServerTest {
  private final AtomicBoolean ready = new AtomicBoolean();
  private final HttpClient http = HttpClient.newHttpClient();
  private ProbeServer server;

  @BeforeEach
  void start() throws Exception {
    OperatorConfig config =
        OperatorConfig.from(
            Map.of(
                "LLMAZ_BIND_ADDRESS",
                "127.0.0.1",
                "LLMAZ_HEALTH_PORT",
                "0",
                "LLMAZ_METRICS_PORT",
                "0"));
    server = ProbeServer.start(config, ready::get, () -> "a_metric 1\n");
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  @Test
  void readyz_cachesDoNotFollow_isUnavailableWhileHealthzIsFine() throws Exception {
    assertThat(get(server.healthPort(), "/readyz").statusCode()).isEqualTo(503);
    assertThat(get(server.healthPort(), "/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void readyz_cachesFollow_isFine() throws Exception {
    ready.set(true);

    assertThat(get(server.healthPort(), "/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void metrics_asked_areThoseOfTheRegistry() throws Exception {
    assertThat(get(server.metricsPort(), "/metrics").body()).isEqualTo("a_metric 1\n");
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + port + path);
    return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
  }
}
