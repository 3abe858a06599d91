package io.llmaz.api.model;

import io.llmaz.api.Names;
import java.util.Optional;

/** Where a runner finds a model, and what it calls it: the rules of llmaz, in one place. */
public final class ModelPaths {
  private ModelPaths() {}

  /**
   * The value of {@code {{.ModelPath}}}.
   *
   * @param skipLoader whether the runner loads by itself and gets the source's own name
   */
  public static String path(ModelSource source, boolean skipLoader) {
    ModelHub hub = source.modelHub();
    if (hub != null) {
      String id = Optional.ofNullable(hub.modelId()).orElse("");
      if (skipLoader) {
        return id;
      }
      return Names.MODEL_MOUNT_PATH
          + (hub.filename() != null ? hub.filename() : "models--" + id.replace("/", "--"));
    }
    String text = Optional.ofNullable(source.uri()).orElse("");
    ModelUri uri = ModelUri.parse(text);
    if (uri.protocol().equals(ModelUri.HOST)) {
      return uri.address();
    }
    if (skipLoader) {
      return text;
    }
    String last = uri.lastSegment();
    // One rule for controller and loader: a name that ends as a weights file is a file.
    boolean file = last.endsWith(".gguf") || last.endsWith(".safetensors") || last.endsWith(".bin");
    return Names.MODEL_MOUNT_PATH + (file ? last : "models--" + last);
  }

  /** The value of {@code {{.ModelName}}}. */
  public static String name(OpenModel model) {
    ModelSource source = model.getSpec().source();
    if (source != null && source.modelHub() == null && source.uri() != null) {
      ModelUri uri = ModelUri.parse(source.uri());
      if (uri.protocol().equals(ModelUri.OLLAMA)) {
        return uri.address();
      }
    }
    return model.getMetadata().getName();
  }
}
