package io.llmaz.source;

import java.util.List;
import java.util.Locale;

/**
 * A path in an object store: of one file of weights, or of a folder. Operator, gateway and loader
 * ask here, so that the server is told to look where the loader puts the files. (In llmaz the
 * controller looks for {@code .gguf} anywhere in the path, the loader for a dot in its last part,
 * and a folder named {@code Qwen2.5-7B} is a file to one of them.)
 *
 * @param text without slashes at its ends
 */
public record ObjectPath(String text) {
  private static final List<String> WEIGHTS = List.of(".gguf", ".safetensors", ".bin");

  /** Slashes at the ends do not count. */
  public ObjectPath {
    text = text.replaceAll("^/+|/+$", "");
  }

  /** Its last part; empty when the whole bucket is meant. */
  public String last() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /** Whether it names a file of weights, by its ending. */
  public boolean isWeightsFile() {
    String last = last().toLowerCase(Locale.ROOT);
    return WEIGHTS.stream().anyMatch(last::endsWith);
  }

  /** Where it lies below a replica's models: a file at the root, a folder's files in their own. */
  public String place() {
    return isWeightsFile() ? last() : "models--" + last();
  }
}
