package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.llmaz.parts.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The packaged scheduler as a process. */
@EnabledIf("packaged")
final class SchedulerProgramIT {
  @TempDir private Path directory;

  static boolean packaged() {
    return Program.packaged("scheduler");
  }

  @Test
  void main_started_servesAndStopsWhenAsked() throws Exception {
    List<Integer> ports = FreePorts.of(2);
    Path log = directory.resolve("scheduler.log");
    Process scheduler =
        Program.start(
            "scheduler",
            log,
            Map.of(
                "LLMAZ_SCHEDULER_LISTEN", "127.0.0.1:" + ports.getFirst(),
                "LLMAZ_SCHEDULER_HTTP_LISTEN", "127.0.0.1:" + ports.getLast()));
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", ports.getFirst()).usePlaintext().build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> scheduler.isAlive() && answers(http, ports.getLast()));

      assertThat(
              HealthGrpc.newBlockingStub(channel)
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    } finally {
      channel.shutdownNow();
      assertThat(Program.stop(scheduler)).as("stops: %s", Files.readString(log)).isTrue();
    }
  }

  @Test
  void main_wrongVariable_isNamed() throws Exception {
    Path log = directory.resolve("scheduler.log");
    Process scheduler =
        Program.start("scheduler", log, Map.of("LLMAZ_SCHEDULER_GRACE", "ten seconds"));

    assertThat(scheduler.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(scheduler.exitValue()).isEqualTo(64);
    assertThat(log)
        .hasContent(
            "scheduler: LLMAZ_SCHEDULER_GRACE is no duration of ISO 8601, such as PT30S: ten seconds");
  }

  private static boolean answers(HttpClient http, int port) throws InterruptedException {
    try {
      URI ready = URI.create("http://127.0.0.1:" + port + "/readyz");
      return http.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
