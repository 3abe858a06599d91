package io.llmaz.dragonfly;

import io.llmaz.dragonfly.EngineException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whom we take for the manager. */
final class ManagerTrust {
  private ManagerTrust() {}

  /**
   * A client that follows nothing elsewhere and checks certificates with the authority of the
   * configuration, as it is now.
   *
   * @throws EngineException unavailable, when the authority cannot be used
   */
  static HttpClient client(ManagerEngineConfig config) {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.callDeadline());
    config.authority().map(ManagerTrust::context).ifPresent(client::sslContext);
    return client.build();
  }

  private static SSLContext context(Path authority) {
    try (InputStream pem = Files.newInputStream(authority)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + number++, one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new EngineException(
          Reason.UNAVAILABLE,
          "the manager's authority in %s cannot be used: %s".formatted(authority, e),
          0,
          e);
    }
  }
}
