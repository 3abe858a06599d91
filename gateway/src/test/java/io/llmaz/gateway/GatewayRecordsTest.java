package io.llmaz.gateway;

import static io.llmaz.gateway.TestingHub.LARGE;
import static io.llmaz.gateway.TestingHub.SMALL;
import static io.llmaz.gateway.TestingHub.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a gateway tells about its work, and that no secret is in it. */
final class GatewayRecordsTest {
  @AutoClose private final TestingGateway gateway;

  GatewayRecordsTest(@TempDir Path directory) throws IOException {
    gateway = new TestingGateway(directory);
  }

  @Test
  void metrics_afterSomeReads_areAllThatTheDocumentNames() throws Exception {
    Map<String, String> links = gateway.links("reader");
    gateway.bytes(links.get("large"), null);
    gateway.bytes(links.get("large"), null);
    gateway.fetch(links.get("large") + "x", null);
    gateway.seedHolds("slow", LARGE);
    gateway.bytes(links.get("slow"), null);

    String scraped = TestingGateway.text(gateway.get("/metrics", ""));
    Matcher named =
        Pattern.compile("^\\| `(llmaz_gateway_[a-z_]+)", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("../docs/metrics.md")));
    Set<String> names = named.results().map(match -> match.group(1)).collect(Collectors.toSet());
    names.remove("llmaz_gateway_origin_retries_total"); // Nothing failed here.
    assertThat(names).hasSizeGreaterThan(5).allSatisfy(name -> assertThat(scraped).contains(name));
    assertThat(scraped)
        .contains("llmaz_gateway_origin_bytes_total{host=\"127.0.0.1\",task=\"model-m\"} 6291456.0")
        .contains("llmaz_gateway_served_bytes_total{cache=\"hit\",task=\"model-m\"} 6291456.0")
        .contains("llmaz_gateway_refusals_total{kind=\"user\",status=\"403\"} 1.0")
        .doesNotContain(TOKEN);
  }

  @Test
  void accessLog_ofALink_saysWhoAndWhatButNoSignature() throws Exception {
    ch.qos.logback.classic.Logger logger =
        (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("io.llmaz.gateway.access");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.list = new CopyOnWriteArrayList<>();
    lines.start();
    logger.addAppender(lines);
    String link = Objects.requireNonNull(gateway.links("reader").get("small"));
    gateway.bytes(link, "bytes=0-9");
    Awaitility.await().until(() -> lines.list.size() >= 2);
    logger.detachAppender(lines);

    String all = lines.list.toString();
    assertThat(all).contains("task=model-m range=0-9 206 10 bytes");
    assertThat(all).doesNotContain("sig=", link.substring(link.indexOf("sig=") + 4), "reader");
  }

  @Test
  void usage_afterAnswers_countsWhatTheHubGave() throws Exception {
    gateway.bytes(gateway.links("reader").get("small"), null);

    JsonNode usage = gateway.usage();

    assertThat(usage.path("originBytes").asLong()).isEqualTo(SMALL.length);
    assertThat(usage.path("originRequests").asLong()).isEqualTo(1);
  }

  @Test
  void everyAnswer_ofEveryPath_holdsNoToken() throws Exception {
    StringBuilder all = new StringBuilder();
    for (String path :
        List.of("/v1/tasks/model-m/manifest", "/v1/tasks/model-m/usage", "/metrics", "/nothing")) {
      HttpResponse<byte[]> response = gateway.get(path, "operator");
      all.append(response.headers().map())
          .append(new String(response.body(), StandardCharsets.UTF_8));
    }

    assertThat(all.toString()).doesNotContain(TOKEN);
  }
}
