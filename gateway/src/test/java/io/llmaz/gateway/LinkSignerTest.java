package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class LinkSignerTest {
  private static final byte[] OLD = {1};
  private static final byte[] NEW = {2};

  private final ManifestFile file = ManifestFile.unverified("f", 1, "etag");
  private final GatewayTask task =
      new GatewayTask(
          "t",
          Optional.of("m"),
          new P2PTaskSpec(null, null, null, null, null, null, null),
          new Manifest("s", "r", List.of(file)));
  private Instant now = Instant.EPOCH;
  private List<byte[]> keys = List.of(OLD);
  private final LinkSigner signer = new LinkSigner(() -> keys, Duration.ofMinutes(1), () -> now);

  @Test
  void link_beforeItsEnd_isGood() {
    URI link = link();
    now = now.plusSeconds(59);

    assertThatCode(() -> check(link)).doesNotThrowAnyException();
  }

  @Test
  void link_atItsEnd_isExpired() {
    URI link = link();
    now = now.plusSeconds(60);

    assertThatThrownBy(() -> check(link)).hasMessageContaining("expired");
  }

  @Test
  void link_ofThePreviousKey_isGood() {
    URI link = link();
    keys = List.of(NEW, OLD);

    assertThatCode(() -> check(link)).doesNotThrowAnyException();
  }

  @Test
  void link_ofAForgottenKey_isNotOurs() {
    URI link = link();
    keys = List.of(NEW);

    assertThatThrownBy(() -> check(link)).hasMessageContaining("not a link");
  }

  private URI link() {
    return signer.link(URI.create("http://g"), task, file);
  }

  private void check(URI link) {
    Map<String, String> query =
        Arrays.stream(link.getRawQuery().split("&"))
            .map(pair -> pair.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    signer.check(
        query.getOrDefault("task", ""),
        query.getOrDefault("path", ""),
        query.getOrDefault("exp", ""),
        query.getOrDefault("sig", ""));
  }
}
