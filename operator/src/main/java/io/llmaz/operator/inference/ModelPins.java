package io.llmaz.operator.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.llmaz.api.Labels;
import io.llmaz.api.model.ModelSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sources that an object's replicas were made with. A model that is edited to another source
 * does not touch what runs: image and replicas may change, the model stays until somebody asks for
 * a roll by another value of annotation {@link Labels#RESTARTED_AT}. An annotation keeps the
 * sources, so that a restarted operator knows them too.
 */
record ModelPins(Map<String, ModelSource> sources, @Nullable String restartedAt) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
  private static final TypeReference<Map<String, ModelSource>> SOURCES = new TypeReference<>() {};

  ModelPins {
    sources = Map.copyOf(sources);
  }

  /** What an object was made with; empty when it is not there or says nothing. */
  static Optional<ModelPins> of(Optional<? extends HasMetadata> object) {
    return object.flatMap(o -> {
      String text = annotation(o, Labels.MODEL_SOURCES);
      if (text == null) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new ModelPins(JSON.readValue(text, SOURCES), annotation(o, Labels.RESTARTED_AT)));
      } catch (JsonProcessingException e) {
        // Somebody wrote into our annotation; it is made anew from the models as they are.
        return Optional.empty();
      }
    });
  }

  static @Nullable String annotation(HasMetadata object, String key) {
    return Optional.ofNullable(object.getMetadata().getAnnotations())
        .map(annotations -> annotations.get(key))
        .orElse(null);
  }

  /** The claimed models with the sources that replicas are to be made with. */
  static List<ClaimedModel> use(
      List<ClaimedModel> models, Optional<ModelPins> pins, @Nullable String restartedAt) {
    return pins.filter(made -> Objects.equals(made.restartedAt, restartedAt))
        .map(made ->
            models.stream()
                .map(model ->
                    model.withSource(made.sources.getOrDefault(model.name(), model.source())))
                .toList())
        .orElse(models);
  }

  /** The names of models whose source is another now than the one in use. */
  static List<String> drifted(List<ClaimedModel> now, List<ClaimedModel> used) {
    return now.stream()
        .filter(model ->
            used.stream()
                .anyMatch(other ->
                    other.name().equals(model.name()) && !other.source().equals(model.source())))
        .map(ClaimedModel::name)
        .toList();
  }

  /** The annotation of what is made with these models. */
  static String text(List<ClaimedModel> used) {
    Map<String, ModelSource> sources = new TreeMap<>();
    used.forEach(model -> sources.put(model.name(), model.source()));
    try {
      return JSON.writeValueAsString(sources);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("sources are plain records", e);
    }
  }
}
