package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of AWS's page "Signature Calculations for the Authorization Header". */
final class SigV4Test {
  private static final Instant NOW = Instant.parse("2013-05-24T00:00:00Z");
  private final SigV4 signer =
      new SigV4(
          new ObjectStoreKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
          "us-east-1");

  @Test
  void headers_ofAwsExampleOfAnObject_areAsPublished() {
    assertThat(authorization("/test.txt", Map.of("Range", "bytes=0-9")))
        .endsWith("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }

  @Test
  void headers_ofAwsExampleOfAListing_areAsPublished() {
    assertThat(authorization("/?max-keys=2&prefix=J", Map.of()))
        .endsWith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  }

  @Test
  void headers_ofAwsExampleOfASubresource_areAsPublished() {
    assertThat(authorization("/?lifecycle", Map.of()))
        .endsWith("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  }

  @Test
  void toString_ofAKey_holdsNoSecret() {
    assertThat(signer.toString()).doesNotContain("wJalr");
  }

  private String authorization(String path, Map<String, String> signed) {
    return signer
        .headers(URI.create("https://examplebucket.s3.amazonaws.com" + path), signed, NOW)
        .getOrDefault("Authorization", "");
  }
}
