package io.llmaz.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The body of {@code POST /v1/embeddings}.
 *
 * @param model the served model's name
 * @param input the texts, one or more, none empty
 * @param base64 whether vectors are wanted as base64 of little-endian float32, which is what
 *     OpenAI's own Python client asks for unless told otherwise
 * @param dimensions how many dimensions are wanted, when the request says so
 */
record EmbeddingsRequest(String model, List<String> input, boolean base64, OptionalInt dimensions) {
  private static final int MOST_INPUTS = 2048;

  EmbeddingsRequest {
    input = List.copyOf(input);
  }

  /**
   * Reads a body.
   *
   * @throws ApiException when it is not what OpenAI's reference describes
   */
  static EmbeddingsRequest parse(ObjectMapper json, byte[] body) {
    JsonNode request;
    try {
      request = json.readTree(body);
    } catch (JsonProcessingException e) {
      throw ApiException.malformed("The body is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!request.isObject()) {
      throw ApiException.badRequest("The body is not a JSON object", null);
    }
    JsonNode model = request.path("model");
    if (!model.isTextual()) {
      throw ApiException.badRequest("`model` is missing or not a string", "model");
    }
    return new EmbeddingsRequest(
        model.textValue(), texts(request.path("input")), base64(request), dimensions(request));
  }

  private static List<String> texts(JsonNode input) {
    List<String> texts = new ArrayList<>();
    if (input.isArray()) {
      input.forEach(text -> texts.add(text(text)));
    } else {
      texts.add(text(input));
    }
    if (texts.isEmpty() || texts.size() > MOST_INPUTS) {
      throw ApiException.badRequest(
          "`input` holds 1 to " + MOST_INPUTS + " texts, not " + texts.size(), "input");
    }
    return texts;
  }

  private static String text(JsonNode input) {
    if (!input.isTextual()) {
      throw ApiException.badRequest("`input` is a string or a list of strings", "input");
    }
    if (input.textValue().isEmpty()) {
      throw ApiException.badRequest("`input` is an empty string", "input");
    }
    return input.textValue();
  }

  private static boolean base64(JsonNode request) {
    return switch (request.path("encoding_format").asText("float")) {
      case "float" -> false;
      case "base64" -> true;
      default ->
          throw ApiException.badRequest(
              "`encoding_format` is `float` or `base64`", "encoding_format");
    };
  }

  private static OptionalInt dimensions(JsonNode request) {
    JsonNode dimensions = request.path("dimensions");
    if (dimensions.isMissingNode() || dimensions.isNull()) {
      return OptionalInt.empty();
    }
    if (!dimensions.canConvertToInt() || dimensions.intValue() < 1) {
      throw ApiException.badRequest("`dimensions` is a number from 1", "dimensions");
    }
    return OptionalInt.of(dimensions.intValue());
  }
}
