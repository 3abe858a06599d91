package io.llmaz.operator.inference;

import io.llmaz.api.Names;
import io.llmaz.api.model.ModelHub;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.model.ModelUri;
import io.llmaz.api.model.OpenModel;
import io.llmaz.source.ObjectPath;
import java.util.Optional;

/** Where a runner finds a model, and what it calls it: the rules of llmaz, in one place. */
final class ModelPaths {
  private ModelPaths() {}

  /**
   * The value of {@code {{.ModelPath}}}.
   *
   * @param skipLoader whether the runner loads by itself and gets the source's own name
   */
  static String path(ModelSource source, boolean skipLoader) {
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
    return Names.MODEL_MOUNT_PATH + new ObjectPath(uri.address()).place();
  }

  /** The value of {@code {{.ModelName}}}. */
  static String name(OpenModel model) {
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
