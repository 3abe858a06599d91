package io.llmaz.local.hub;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Addresses on the content host that open one content for a while, without any token. */
final class SignedLinks {
  private final SecretKeySpec key;
  private final Duration life;
  private final InstantSource clock;

  SignedLinks(byte[] key, Duration life, InstantSource clock) {
    this.key = new SecretKeySpec(key, "HmacSHA256");
    this.life = life;
    this.clock = clock;
  }

  URI link(URI host, String sha256) {
    long expires = clock.instant().plus(life).getEpochSecond();
    return host.resolve(
        "/repos/%s?Expires=%d&Signature=%s".formatted(sha256, expires, sign(sha256, expires)));
  }

  boolean opens(String sha256, Map<String, String> query) {
    try {
      long expires = Long.parseLong(query.getOrDefault("Expires", ""));
      return clock.instant().getEpochSecond() < expires
          && MessageDigest.isEqual(
              sign(sha256, expires).getBytes(StandardCharsets.US_ASCII),
              query.getOrDefault("Signature", "").getBytes(StandardCharsets.UTF_8));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private String sign(String sha256, long expires) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] signed = mac.doFinal((sha256 + "\n" + expires).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
