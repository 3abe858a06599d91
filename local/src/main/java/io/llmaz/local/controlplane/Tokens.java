package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens of service accounts: JWTs signed with this server's own key (RFC 7519, HS256). */
final class Tokens {
  /** The audience of tokens for this server itself. */
  static final String OWN_AUDIENCE = "https://kubernetes.default.svc";

  private static final String HEADER =
      encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));

  private final SecretKeySpec key;
  private final InstantSource clock;

  /** Who a token is for, and where it counts. */
  record Verified(User user, Set<String> audiences) {}

  Tokens(byte[] key, InstantSource clock) {
    this.key = new SecretKeySpec(key, "HmacSHA256");
    this.clock = clock;
  }

  record Issued(String token, Instant expires) {}

  Issued issue(String namespace, String serviceAccount, List<String> audiences, Duration life) {
    Instant expires = clock.instant().plus(life);
    ObjectNode claims =
        Json.object()
            .put("sub", "system:serviceaccount:" + namespace + ":" + serviceAccount)
            .put("exp", expires.getEpochSecond());
    (audiences.isEmpty() ? List.of(OWN_AUDIENCE) : audiences).forEach(claims.withArray("aud")::add);
    String signed = HEADER + "." + encode(Json.bytes(claims));
    return new Issued(signed + "." + encode(sign(signed)), expires);
  }

  /** Whose token it is; empty when it is not ours, or expired. */
  Optional<Verified> verify(String token) {
    int dot = token.lastIndexOf('.');
    if (dot < 0 || !token.startsWith(HEADER + ".") || dot < HEADER.length() + 1) {
      return Optional.empty();
    }
    try {
      byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
      if (!MessageDigest.isEqual(sign(token.substring(0, dot)), signature)) {
        return Optional.empty();
      }
      JsonNode claims =
          Json.read(Base64.getUrlDecoder().decode(token.substring(HEADER.length() + 1, dot)));
      if (clock.instant().getEpochSecond() >= claims.path("exp").asLong()) {
        return Optional.empty();
      }
      Set<String> audiences = new java.util.HashSet<>();
      claims.path("aud").forEach(audience -> audiences.add(audience.asText()));
      return Optional.of(new Verified(User.serviceAccount(claims.path("sub").asText()), audiences));
    } catch (IOException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private byte[] sign(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
