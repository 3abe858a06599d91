package io.llmaz.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class EmbeddingTest {

  @Test
  void ofTokens_maskedToken_doesNotCount() {
    Embedding embedding =
        Embedding.ofTokens(new float[][] {{3, 0}, {0, 4}, {100, 100}}, new long[] {1, 1, 0});

    assertThat(embedding.vector()).containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
    assertThat(embedding.tokens()).isEqualTo(2);
  }

  @Test
  void ofTokens_zeroVectors_staysZero() {
    assertThat(Embedding.ofTokens(new float[][] {{0, 0}}, new long[] {1}).vector())
        .containsExactly(0f, 0f);
  }

  @Test
  void base64_vector_isLittleEndianFloats() {
    Embedding embedding = Embedding.ofTokens(new float[][] {{3, 4}}, new long[] {1});

    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(embedding.base64()))
            .order(ByteOrder.LITTLE_ENDIAN);

    assertThat(bytes.getFloat()).isEqualTo(embedding.vector()[0]);
    assertThat(bytes.getFloat()).isEqualTo(embedding.vector()[1]);
    assertThat(bytes.hasRemaining()).isFalse();
  }
}
