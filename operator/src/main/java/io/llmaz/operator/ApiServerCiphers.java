package io.llmaz.operator;

import java.util.List;

/**
 * With which ciphers the operator speaks to the API server: those of TLS 1.3 and the modern ones of
 * 1.2, ChaCha20-Poly1305 before AES-GCM.
 *
 * <p>The operator runs with the JVM's first compiler alone, which does not know the processor's AES
 * instructions: AES-GCM takes four times as long there (40 against 170 MB/s in records of 4 KiB),
 * and was a tenth of the operator's processor time. A Go server takes ChaCha20 from a client that
 * puts it first ({@code cipher_suites.go} of {@code crypto/tls}, {@code isAESGCMPreferred}); one
 * that must not, as in FIPS mode, takes the next.
 */
final class ApiServerCiphers {
  private static final String PROPERTY = "jdk.tls.client.cipherSuites";

  static final List<String> BY_PREFERENCE =
      List.of(
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

  private ApiServerCiphers() {}

  /** Sets it for this JVM, unless its owner did; before the first connection. */
  static void prefer() {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, String.join(",", BY_PREFERENCE));
    }
  }
}
