package io.llmaz.gateway;

import static io.llmaz.gateway.TestingHub.LARGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where bytes come from: memory, disk, a seed, and as seldom as possible the hub. */
final class GatewayReadsTest {
  @AutoClose private final TestingGateway gateway;

  GatewayReadsTest(@TempDir Path directory) throws IOException {
    gateway = new TestingGateway(directory);
  }

  @Test
  void smallFile_readOften_isReadFromTheHubOnce() throws Exception {
    String link = gateway.links("reader").get("small");
    for (int i = 0; i < 5; i++) {
      gateway.bytes(link, null);
    }

    assertThat(gateway.hubRequests()).isEqualTo(1);
  }

  @Test
  void sameRange_askedForAtOnce_isOneReadOfTheHub() throws Exception {
    String link = gateway.links("reader").get("slow");
    List<CompletableFuture<HttpResponse<byte[]>>> readers =
        Stream.generate(() -> gateway.fetchLater(link, "bytes=0-4194303")).limit(8).toList();
    Awaitility.await().until(() -> gateway.hubRequests() == 1);
    gateway.hub().releaseSlow();

    for (CompletableFuture<HttpResponse<byte[]>> reader : readers) {
      assertThat(reader.get(10, TimeUnit.SECONDS).body()).isEqualTo(Arrays.copyOf(LARGE, 4 << 20));
    }
    assertThat(gateway.hubRequests()).isLessThanOrEqualTo(2);
  }

  @Test
  void byteBudget_spent_refusesLoudly() throws Exception {
    gateway.restart(1, 0);
    String link = gateway.links("reader").get("large");
    int status = 0;
    for (int i = 0; i < 12 && status != 429; i++) {
      status = gateway.fetch(link, null).statusCode();
    }

    assertThat(status).isEqualTo(429);
    assertThat(gateway.reports()).extracting(Report::reason).containsExactly("ByteBudgetSpent");
    gateway.links("reader"); // More links for the same reader are no more budget.
    assertThat(gateway.fetch(link, null).statusCode()).isEqualTo(429);
  }

  @Test
  void blob_thatASeedHolds_isTheSeedsUntilItsReaderWantsTheSource() throws Exception {
    byte[] wrong = new byte[LARGE.length];
    gateway.seedHolds("large", wrong);
    String link = gateway.links("reader").get("large");

    assertThat(gateway.bytes(link, null)).isEqualTo(wrong);
    assertThat(gateway.hubRequests()).isEqualTo(0);
    assertThat(gateway.bytes(link + "&from=source", null)).isEqualTo(LARGE);
  }

  @Test
  void blob_thatWasReadBeforeARestart_isNotReadAgain() throws Exception {
    gateway.bytes(gateway.links("reader").get("large"), null);
    gateway.awaitKept(LARGE.length);
    gateway.restart();

    assertThat(gateway.bytes(gateway.links("reader").get("large"), null)).isEqualTo(LARGE);
    assertThat(gateway.hubRequests()).isEqualTo(1);
  }

  @Test
  void blob_whoseKeptBytesAreWrong_isTheSourcesForWhoSaysSo() throws Exception {
    byte[] wrong = LARGE.clone();
    wrong[0]++;
    gateway.hub().gives(wrong);
    gateway.bytes(gateway.links("reader").get("large"), null);
    gateway.awaitKept(LARGE.length);
    gateway.hub().gives(LARGE);
    gateway.restart();
    String link = gateway.links("reader").get("large");

    assertThat(gateway.bytes(link, null)).isNotEqualTo(LARGE);
    assertThat(gateway.bytes(link + "&from=source", null)).isEqualTo(LARGE);
  }
}
