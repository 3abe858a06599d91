package io.llmaz.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service account of Google by its key file. The key signs an assertion (RFC 7523, RS256), which
 * the account's {@code token_uri} changes into an access token that may read storage; the token is
 * used until a minute before its end. Source:
 * developers.google.com/identity/protocols/oauth2/service-account. Safe for many threads.
 */
public final class GoogleServiceAccount implements ObjectStoreSigner {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_only";
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final Duration EARLY = Duration.ofMinutes(1);

  private record Token(String value, Instant end) {}

  private final OriginHttp http;
  private final String email;
  private final PrivateKey key;
  private final URI tokenUri;
  private @Nullable Token token;

  private GoogleServiceAccount(OriginHttp http, String email, PrivateKey key, URI tokenUri) {
    this.http = http;
    this.email = email;
    this.key = key;
    this.tokenUri = tokenUri;
  }

  /**
   * Reads a key file.
   *
   * @param json as Google gives it, with {@code client_email}, {@code private_key} and {@code
   *     token_uri}
   * @throws SourceException a user error that names the field which is wrong, never its value
   */
  public static GoogleServiceAccount parse(OriginHttp http, String json) {
    JsonNode file;
    try {
      file = JSON.readTree(json);
    } catch (IOException e) {
      throw wrong("it is not JSON"); // The parser's message may quote the key.
    }
    if (!file.path("type").asText("").equals("service_account")) {
      throw wrong("its type is not service_account");
    }
    try {
      String pem = required(file, "private_key").replaceAll("-----[A-Z ]+-----|\\s", "");
      PrivateKey key =
          KeyFactory.getInstance("RSA")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
      return new GoogleServiceAccount(
          http, required(file, "client_email"), key, URI.create(required(file, "token_uri")));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw wrong("its private_key or token_uri cannot be read");
    }
  }

  private static String required(JsonNode file, String field) {
    String value = file.path(field).asText("");
    if (value.isEmpty()) {
      throw wrong("it has no " + field);
    }
    return value;
  }

  private static SourceException wrong(String why) {
    return new SourceException(
        SourceException.Kind.USER, "not a key file of a Google service account: " + why);
  }

  @Override
  public Map<String, String> headers(URI uri, Map<String, String> headers, Instant now) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Authorization", "Bearer " + token(now));
    return all;
  }

  private synchronized String token(Instant now) {
    if (token == null || !now.isBefore(token.end().minus(EARLY))) {
      token = ask(now);
    }
    return token.value();
  }

  private Token ask(Instant now) {
    OriginAnswer answer =
        http.post(tokenUri, Map.of("grant_type", GRANT, "assertion", assertion(now)));
    try (InputStream body = answer.body()) {
      if (answer.statusCode() >= 400) {
        throw new SourceException(
            SourceException.Kind.USER,
            "%s gives %s no token (%d): the key may be disabled"
                .formatted(tokenUri.getHost(), email, answer.statusCode()));
      }
      JsonNode json = JSON.readTree(body);
      String value = json.path("access_token").asText("");
      if (value.isEmpty()) {
        throw new SourceException(
            SourceException.Kind.BUG, tokenUri.getHost() + " answered without access_token");
      }
      return new Token(
          value, now.plusSeconds(json.path("expires_in").asLong(LIFETIME.toSeconds())));
    } catch (IOException e) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT,
          tokenUri.getHost() + " gave no token: " + OriginHttp.describe(e),
          e);
    }
  }

  private String assertion(Instant now) {
    Map<String, Object> claims =
        Map.of(
            "iss", email,
            "scope", SCOPE,
            "aud", tokenUri.toString(),
            "iat", now.getEpochSecond(),
            "exp", now.plus(LIFETIME).getEpochSecond());
    try {
      String signed =
          encode(JSON.writeValueAsBytes(Map.of("alg", "RS256", "typ", "JWT")))
              + "."
              + encode(JSON.writeValueAsBytes(claims));
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encode(signature.sign());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK signs RS256 and writes JSON", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "GoogleServiceAccount[" + email + "]";
  }
}
