package io.llmaz.runner;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A sentence-embedding model: {@code tokenizer.json} and {@code onnx/model.onnx} (or {@code
 * model.onnx}) of one directory.
 *
 * <p>Texts are embedded one at a time on one thread each: a text's vector is then the same bit for
 * bit whatever else is asked for beside it, and replicas on one machine do not fight for its cores.
 * Calls from several threads are safe; a session of ONNX Runtime allows them.
 */
final class EmbeddingModel implements AutoCloseable {
  private static final int DEFAULT_MOST_TOKENS = 512;

  private final HuggingFaceTokenizer tokenizer;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final int mostTokens;

  private EmbeddingModel(HuggingFaceTokenizer tokenizer, OrtSession session, int mostTokens) {
    this.tokenizer = tokenizer;
    this.environment = OrtEnvironment.getEnvironment();
    this.session = session;
    this.mostTokens = mostTokens;
  }

  /**
   * Loads tokenizer and network side by side; both first unpack and link a native library.
   *
   * @throws IllegalArgumentException when a file is missing or not what it should be
   */
  static EmbeddingModel load(Path directory) {
    Path network = network(directory);
    Path vocabulary = directory.resolve("tokenizer.json");
    if (!Files.isRegularFile(vocabulary)) {
      throw new IllegalArgumentException("no tokenizer.json in " + directory);
    }
    CompletableFuture<HuggingFaceTokenizer> tokenizer =
        CompletableFuture.supplyAsync(() -> openTokenizer(vocabulary), Thread::startVirtualThread);
    OrtSession session = openSession(network);
    try {
      return new EmbeddingModel(tokenizer.join(), session, mostTokens(directory));
    } catch (CompletionException e) {
      try {
        session.close();
      } catch (OrtException closing) {
        e.addSuppressed(closing);
      }
      throw new IllegalArgumentException("cannot read " + vocabulary, e.getCause());
    }
  }

  private static Path network(Path directory) {
    for (String name : List.of("onnx/model.onnx", "model.onnx")) {
      Path file = directory.resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new IllegalArgumentException("neither onnx/model.onnx nor model.onnx is in " + directory);
  }

  private static HuggingFaceTokenizer openTokenizer(Path file) {
    try {
      return HuggingFaceTokenizer.builder()
          .optTokenizerPath(file)
          .optAddSpecialTokens(true)
          .optTruncation(false)
          .optPadding(false)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OrtSession openSession(Path file) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return OrtEnvironment.getEnvironment().createSession(file.toString(), options);
    } catch (OrtException e) {
      throw new IllegalArgumentException("cannot load " + file + ": " + e.getMessage(), e);
    }
  }

  private static int mostTokens(Path directory) {
    Path config = directory.resolve("config.json");
    if (!Files.isRegularFile(config)) {
      return DEFAULT_MOST_TOKENS;
    }
    try {
      return new ObjectMapper()
          .readTree(config.toFile())
          .path("max_position_embeddings")
          .asInt(DEFAULT_MOST_TOKENS);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + config, e);
    }
  }

  /**
   * Embeds one text.
   *
   * @throws ApiException when it is longer than the model reads
   */
  Embedding embed(String text) {
    Encoding encoding = tokenizer.encode(text);
    long[] ids = encoding.getIds();
    if (ids.length > mostTokens) {
      throw ApiException.tooLong(ids.length, mostTokens);
    }
    Map<String, long[]> known =
        Map.of(
            "input_ids", ids,
            "attention_mask", encoding.getAttentionMask(),
            "token_type_ids", encoding.getTypeIds());
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (String name : session.getInputNames()) {
        long[] values = known.get(name);
        if (values == null) {
          throw new IllegalStateException("the network wants an input we do not know: " + name);
        }
        inputs.put(name, OnnxTensor.createTensor(environment, new long[][] {values}));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        float[][][] hidden = (float[][][]) result.get(0).getValue();
        return Embedding.ofTokens(hidden[0], encoding.getAttentionMask());
      }
    } catch (OrtException e) {
      throw new IllegalStateException("the network failed: " + e.getMessage(), e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() {
    tokenizer.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("cannot free the network", e);
    }
  }
}
