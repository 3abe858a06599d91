package io.llmaz.gateway;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
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
                "llmaz-gateway",
                null,
                URI.create("https://huggingface.co"),
                Set.of(),
                Duration.ofHours(6),
                64 << 20,
                null,
                8L << 30,
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
                Map.ofEntries(
                    entry("LLMAZ_GATEWAY_LISTEN", "127.0.0.1:9"),
                    entry("LLMAZ_GATEWAY_ADVERTISE", "http://gateway"),
                    entry("POD_NAMESPACE", "ns"),
                    entry("HF_ENDPOINT", "http://hub"),
                    entry("LLMAZ_INSECURE_REGISTRIES", "a:1, b:2"),
                    entry("LLMAZ_LINK_LIFETIME", "PT1M"),
                    entry("LLMAZ_CACHE_BYTES", "5"),
                    entry("LLMAZ_BYTE_BUDGET", "2"),
                    entry("LLMAZ_ORIGIN_CONNECTIONS", "3"),
                    entry("LLMAZ_DFDAEMON_PROXY_PORT", "5001"),
                    entry("LLMAZ_SPOOL_DIRECTORY", "/kept"),
                    entry("LLMAZ_GATEWAY_SERVICE", "service"),
                    entry("LLMAZ_GATEWAY_REPLICA", "10.0.0.7"),
                    entry("LLMAZ_SPOOL_SIZE", "1Mi"))))
        .isEqualTo(
            new GatewayConfig(
                new InetSocketAddress("127.0.0.1", 9),
                URI.create("http://gateway"),
                "ns",
                "service",
                "10.0.0.7",
                URI.create("http://hub"),
                Set.of("a:1", "b:2"),
                Duration.ofMinutes(1),
                5,
                Path.of("/kept"),
                1L << 20,
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

  @Test
  void from_aSizeThatIsNone_saysWhichVariable() {
    assertThatThrownBy(() -> GatewayConfig.from(Map.of("LLMAZ_SPOOL_SIZE", "much")))
        .hasMessage("LLMAZ_SPOOL_SIZE is a quantity of bytes such as 8Gi, not much");
    assertThatThrownBy(() -> GatewayConfig.from(Map.of("LLMAZ_SPOOL_SIZE", "0")))
        .hasMessage("LLMAZ_SPOOL_SIZE must be positive: 0");
  }
}
