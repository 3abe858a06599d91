package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With a token server that believes only what the account's key signed. */
final class GoogleServiceAccountTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final URI OBJECT = URI.create("https://storage.googleapis.com/bucket/key");
  private static KeyPair keys;

  private final AtomicInteger tokens = new AtomicInteger();
  private final TestingOrigin server = new TestingOrigin("127.0.0.1", this::answer);
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  @BeforeAll
  static void generate() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
    String[] jwt =
        URLDecoder.decode(form.replaceAll(".*assertion=([^&]*).*", "$1"), StandardCharsets.UTF_8)
            .split("\\.");
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(keys.getPublic());
      signature.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(jwt[1]));
      boolean good =
          exchange.getRequestMethod().equals("POST")
              && form.contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer")
              && signature.verify(Base64.getUrlDecoder().decode(jwt[2]))
              && claims.path("iss").asText().equals("robot@project")
              && claims.path("aud").asText().equals(server.uri() + "/token")
              && claims.path("exp").asLong() - claims.path("iat").asLong() == 3600;
      TestingOrigin.text(
          exchange,
          good ? 200 : 400,
          "{\"access_token\":\"t" + tokens.incrementAndGet() + "\",\"expires_in\":3600}");
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  @Test
  void headers_ofRequestsWithinAnHour_shareAToken() throws Exception {
    GoogleServiceAccount account = account(keys);

    assertThat(headers(account)).containsEntry("Authorization", "Bearer t1");
    now = now.plusSeconds(3500);
    assertThat(headers(account)).containsEntry("Authorization", "Bearer t1").containsKey("x");
    now = now.plusSeconds(60);
    assertThat(headers(account)).containsEntry("Authorization", "Bearer t2");
  }

  @Test
  void headers_ofAKeyThatIsNotTheAccounts_isAUserErrorWithoutIt() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    GoogleServiceAccount account = account(generator.generateKeyPair());

    assertThatThrownBy(() -> headers(account))
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e.kind()).isEqualTo(SourceException.Kind.USER))
        .hasMessageContaining("127.0.0.1 gives robot@project no token (400)");
  }

  @Test
  void open_ofAnObject_sendsTheToken() throws Exception {
    try (TestingOrigin store =
        new TestingOrigin("127.0.0.2", exchange -> TestingOrigin.serve(exchange, new byte[10]))) {
      GoogleServiceAccount account = account(keys);
      ObjectStoreSource source =
          new ObjectStoreSource(
              TestingOrigin.http(),
              ObjectStore.gcs(store.uri(), "bucket"),
              "m/f",
              () -> Optional.of(account),
              () -> now,
              OriginHttp.Meter.NONE);
      source.open("e", ManifestFile.unverified("f", 10, "a#e"), ByteRange.all(10)).close();

      assertThat(store.asked.getFirst().authorization()).isEqualTo("Bearer t1");
      assertThat(store.asked.getFirst().path()).isEqualTo("/bucket/m/f");
    }
  }

  @Test
  void parse_ofSomethingElse_saysWhatAndQuotesNothing() throws Exception {
    assertWrong("secret", "it is not JSON");
    assertWrong("{\"type\":\"authorized_user\"}", "its type is not service_account");
    assertWrong("{\"type\":\"service_account\"}", "it has no private_key");
    assertWrong(
        "{\"type\":\"service_account\",\"private_key\":\"secret\",\"client_email\":\"a\",\"token_uri\":\"b\"}",
        "cannot be read");
  }

  private static void assertWrong(String json, String words) {
    assertThatThrownBy(() -> GoogleServiceAccount.parse(TestingOrigin.http(), json))
        .hasMessageContaining(words)
        .hasMessageNotContaining("secret");
  }

  private Map<String, String> headers(GoogleServiceAccount account) {
    return account.headers(OBJECT, Map.of("x", "y"), now);
  }

  private GoogleServiceAccount account(KeyPair pair) throws IOException {
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    return GoogleServiceAccount.parse(
        TestingOrigin.http(),
        JSON.writeValueAsString(
            Map.of(
                "type",
                "service_account",
                "client_email",
                "robot@project",
                "private_key",
                pem,
                "token_uri",
                server.uri() + "/token")));
  }
}
