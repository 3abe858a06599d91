package io.llmaz.gateway;

import static io.llmaz.gateway.TestingHub.LARGE;
import static io.llmaz.gateway.TestingHub.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several gateways of which one reads a file. */
final class GatewayReplicasTest {
  @AutoClose private final TestingGateway gateway;

  GatewayReplicasTest(@TempDir Path directory) throws IOException {
    gateway = new TestingGateway(directory);
  }

  @Test
  void blob_askedOfBothReplicas_isReadByOne() throws Exception {
    try (GatewayServer second = gateway.another("127.0.0.3")) {
      gateway.replicas(List.of(gateway.place(), TestingGateway.place(second)));
      URI link = URI.create(gateway.links("reader").get("large"));
      URI atSecond = second.address().resolve(link.getRawPath() + "?" + link.getRawQuery());

      HttpResponse<byte[]> here = gateway.fetch(link.toString(), "bytes=5-9");
      HttpResponse<byte[]> there = gateway.fetch(atSecond.toString(), "bytes=5-9");

      assertThat(List.of(here.statusCode(), there.statusCode()))
          .containsExactlyInAnyOrder(206, 302);
      HttpResponse<byte[]> sent = here.statusCode() == 302 ? here : there;
      String location = sent.headers().firstValue("Location").orElseThrow();
      assertThat(gateway.bytes(location, "bytes=5-9")).isEqualTo(Arrays.copyOfRange(LARGE, 5, 10));
      assertThat(gateway.hubRequests()).isEqualTo(1);
      assertThat(gateway.usage().path("originRequests").asLong()).isEqualTo(1);
    }
  }

  @Test
  void blob_ofAReplicaThatIsAway_comesFromTheNext() throws Exception {
    GatewayServer second = gateway.another("127.0.0.3");
    gateway.replicas(List.of(TestingGateway.place(second)));
    second.close();

    assertThat(gateway.bytes(gateway.links("reader").get("large"), null)).isEqualTo(LARGE);
  }

  @Test
  void blob_ofWhichOnlyTheSizeIsAsked_isAnsweredByEveryReplica() throws Exception {
    try (GatewayServer second = gateway.another("127.0.0.3")) {
      gateway.replicas(List.of(TestingGateway.place(second)));
      String link = gateway.links("reader").get("large");

      assertThat(gateway.fetch(link, "bytes=0-0").statusCode()).isEqualTo(206);
      assertThat(gateway.fetch(link, "bytes=0-9").statusCode()).isEqualTo(302);
    }
  }

  @Test
  void smallBlob_withSeveralReplicas_comesFromTheOneThatWasAsked() throws Exception {
    gateway.replicas(List.of(gateway.place(), new InetSocketAddress("127.0.0.9", 1)));

    assertThat(gateway.bytes(gateway.links("reader").get("small"), null)).isEqualTo(SMALL);
  }
}
