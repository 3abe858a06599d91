package io.llmaz.operator;

import static org.assertj.core.api.Assertions.assertThat;

import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

final class ApiServerCiphersTest {
  @Test
  void byPreference_eachName_isKnownToTheRuntime() throws Exception {
    // A name that is not would be passed over without a word.
    assertThat(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites())
        .containsAll(ApiServerCiphers.BY_PREFERENCE);
  }
}
