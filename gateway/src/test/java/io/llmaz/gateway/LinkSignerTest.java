package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.SeedHoldings;
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
          new Manifest("s", "r", List.of(file)),
          SeedHoldings.NONE);
  private Instant now = Instant.EPOCH;
  private List<byte[]> keys = List.of(OLD);
  private final LinkSigner signer = signer(Duration.ofMinutes(1));

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
  void link_signedBeforeTheKeyWasReplaced_isGoodToItsEnd() {
    now = now.plusSeconds(10);
    URI link = link();
    keys = List.of(NEW);
    now = now.plusSeconds(59);

    assertThatCode(() -> check(link)).doesNotThrowAnyException();
    assertThat(link().toString()).isNotEqualTo(link.toString());
  }

  @Test
  void link_forgedWithAKeyThatWasReplacedALifetimeAgo_isNotOurs() {
    link();
    URI forged = signer(Duration.ofDays(1)).link(URI.create("http://g"), task, file);
    for (List<byte[]> rotated : List.of(List.of(NEW), List.of(NEW, OLD))) {
      keys = rotated;
      now = now.plusSeconds(31);
      link();
      now = now.plusSeconds(60);

      assertThatThrownBy(() -> check(forged)).hasMessageContaining("not a link");
    }
  }

  @Test
  void link_ofAKeyThatOnlyAnotherReplicaKnowsYet_isGood() {
    link();
    List<byte[]> before = keys;
    keys = List.of(NEW, OLD);
    URI link = signer(Duration.ofMinutes(1)).link(URI.create("http://g"), task, file);
    now = now.plusSeconds(2);

    assertThat(keys).isNotEqualTo(before);
    assertThatCode(() -> check(link)).doesNotThrowAnyException();
  }

  @Test
  void link_whileTheKeysCannotBeRead_isMadeWithThoseWeHave() {
    URI link = link();
    keys = List.of();
    now = now.plusSeconds(31);

    assertThatCode(() -> check(link)).doesNotThrowAnyException();
  }

  private LinkSigner signer(Duration lifetime) {
    return new LinkSigner(new KeyRing(this::stored, lifetime, () -> now), lifetime, () -> now);
  }

  private List<byte[]> stored() {
    if (keys.isEmpty()) {
      throw new IllegalStateException("the API server is away");
    }
    return keys;
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
