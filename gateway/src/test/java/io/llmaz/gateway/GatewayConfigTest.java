package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GatewayConfigTest {

  @Test
  void from_anEmptyEnvironment_givesTheDefaults() {
    assertThat(GatewayConfig.from(Map.of()))
        .isEqualTo(
            new GatewayConfig(
                new InetSocketAddress("0.0.0.0", 8088),
                null,
                "llmaz-system",
                URI.create("https://huggingface.co"),
                Set.of(),
                Duration.ofHours(6),
                64 << 20,
                1.5,
                32,
                4001,
                new SourceEndpoints(
                    URI.create("https://modelscope.cn"),
                    URI.create("https://s3.us-east-1.amazonaws.com"),
                    "us-east-1",
                    false,
                    URI.create("https://storage.googleapis.com"))));
  }

  @Test
  void from_everyVariable_isRead() {
    assertThat(
            GatewayConfig.from(
                Map.of(
                    "LLMAZ_GATEWAY_LISTEN", "127.0.0.1:9",
                    "LLMAZ_GATEWAY_ADVERTISE", "http://gateway",
                    "POD_NAMESPACE", "ns",
                    "HF_ENDPOINT", "http://hub",
                    "LLMAZ_INSECURE_REGISTRIES", "a:1, b:2",
                    "LLMAZ_LINK_LIFETIME", "PT1M",
                    "LLMAZ_CACHE_BYTES", "5",
                    "LLMAZ_BYTE_BUDGET", "2",
                    "LLMAZ_ORIGIN_CONNECTIONS", "3",
                    "LLMAZ_DFDAEMON_PROXY_PORT", "5001")))
        .isEqualTo(
            new GatewayConfig(
                new InetSocketAddress("127.0.0.1", 9),
                URI.create("http://gateway"),
                "ns",
                URI.create("http://hub"),
                Set.of("a:1", "b:2"),
                Duration.ofMinutes(1),
                5,
                2,
                3,
                5001,
                SourceEndpoints.from(Map.of())));
  }

  @Test
  void from_anAddressWithoutPort_saysWhichVariable() {
    assertThatThrownBy(() -> GatewayConfig.from(Map.of("LLMAZ_GATEWAY_LISTEN", "here")))
        .hasMessageContaining("LLMAZ_GATEWAY_LISTEN");
  }

  @Test
  void from_anEndpointOfAnS3CompatibleStore_putsTheBucketIntoThePath() {
    SourceEndpoints stores =
        GatewayConfig.from(Map.of("AWS_ENDPOINT_URL", "http://store:9000", "AWS_REGION", "here"))
            .stores();

    assertThat(stores.s3()).isEqualTo(URI.create("http://store:9000"));
    assertThat(stores.s3Region()).isEqualTo("here");
    assertThat(stores.s3PathStyle()).isTrue();
  }
}
