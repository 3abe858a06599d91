package io.llmaz.runner;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * A sentence as a direction.
 *
 * @param vector of length 1
 * @param tokens how many tokens the sentence was, with the model's own start and end tokens
 */
record Embedding(float[] vector, int tokens) {

  /**
   * The mean of the tokens' vectors where the attention mask is 1, brought to length 1: what
   * sentence-transformers does after this family of models.
   */
  static Embedding ofTokens(float[][] tokens, long[] attentionMask) {
    float[] mean = new float[tokens[0].length];
    int counted = 0;
    for (int t = 0; t < tokens.length; t++) {
      if (attentionMask[t] == 1) {
        counted++;
        for (int d = 0; d < mean.length; d++) {
          mean[d] += tokens[t][d];
        }
      }
    }
    double squares = 0;
    for (float value : mean) {
      squares += (double) value * value;
    }
    // The mean's divisor falls out of the normalisation; a zero vector has no direction to keep.
    double length = squares == 0 ? 1 : Math.sqrt(squares);
    for (int d = 0; d < mean.length; d++) {
      mean[d] = (float) (mean[d] / length);
    }
    return new Embedding(mean, counted);
  }

  /** The cosine of the angle between two directions, 1 for the same. */
  double cosine(Embedding other) {
    double sum = 0;
    for (int d = 0; d < vector.length; d++) {
      sum += (double) vector[d] * other.vector[d];
    }
    return sum;
  }

  /** Base64 of the vector's little-endian float32 values. */
  String base64() {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
