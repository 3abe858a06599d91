package io.llmaz.source;

import com.sun.net.httpserver.HttpExchange;
import io.llmaz.parts.DockerRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Gives tokens to whoever knows a password, as a registry's realm does (source:
 * distribution.github.io/distribution/spec/auth/jwt), and the registry that believes them.
 */
final class TestingTokenServer implements AutoCloseable {
  private static final String SERVICE = "registry of the test";
  private static final String ISSUER = "issuer of the test";
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final List<String> scopes = new CopyOnWriteArrayList<>();
  private final String account;
  private final PrivateKey key;
  private final Certificate certificate;
  private final TestingOrigin server = new TestingOrigin("127.0.0.1", this::answer);

  TestingTokenServer(Path folder, String account) throws Exception {
    this.account = "Basic " + base64(account.getBytes(StandardCharsets.UTF_8));
    Path store = Files.createTempDirectory(folder, "keys").resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-alias",
                "k",
                "-dname",
                "CN=test",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool ended with " + keytool.exitValue());
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    this.key = (PrivateKey) keys.getKey("k", PASSWORD);
    this.certificate = keys.getCertificate("k");
  }

  DockerRegistry registry(Path storage) throws Exception {
    Path pem =
        Files.writeString(
            storage.resolve("tokens.pem"),
            "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n");
    return DockerRegistry.withTokens(
        storage, URI.create(server.uri() + "/token"), SERVICE, ISSUER, pem);
  }

  /** What was asked for. */
  List<String> scopes() {
    return scopes;
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (!TestingOrigin.header(exchange, "Authorization").equals(account)) {
      TestingOrigin.text(exchange, 401, "");
      return;
    }
    Map<String, String> query =
        Arrays.stream(exchange.getRequestURI().getRawQuery().split("&"))
            .map(pair -> pair.split("=", 2))
            .collect(
                Collectors.toMap(
                    pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    scopes.add(query.getOrDefault("scope", ""));
    try {
      TestingOrigin.text(
          exchange,
          200,
          "{\"token\":\"" + token(query.getOrDefault("scope", "").split(":")) + "\"}");
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private String token(String[] scope) throws GeneralSecurityException {
    long now = Instant.now().getEpochSecond();
    String header =
        "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"%s\"]}"
            .formatted(base64(certificate.getEncoded()));
    String claims =
        "{\"iss\":\"%s\",\"sub\":\"user\",\"aud\":\"%s\",\"exp\":%d,\"nbf\":%d,\"iat\":%d,\"jti\":\"1\",\"access\":[{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[\"%s\"]}]}"
            .formatted(ISSUER, SERVICE, now + 60, now - 60, now - 60, scope[0], scope[1], scope[2]);
    String signed = url(header) + "." + url(claims);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
  }

  private static String url(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.close();
  }
}
