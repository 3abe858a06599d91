package io.llmaz.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * What a loader says about a load, bounded to what an event takes.
 *
 * @param warning whether somebody should look
 * @param reason one word for machines, in upper camel case
 * @param message for people, at most 1024 characters, without secrets
 * @param instance who says it: the pod's name
 */
record Report(boolean warning, String reason, String message, String instance) {
  private static final Pattern REASON = Pattern.compile("[A-Z][A-Za-z0-9]{0,63}");
  private static final Pattern INSTANCE = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,126}[a-z0-9])?");
  private static final Pattern SECRET = Pattern.compile("(?i)(sig|token|signature)=[^&\\s\"]+");
  private static final int LONGEST_MESSAGE = 1024;

  Report {
    if (!REASON.matcher(reason).matches()) {
      throw bad("reason is one word in upper camel case");
    }
    if (!INSTANCE.matcher(instance).matches()) {
      throw bad("instance is the name of a pod");
    }
    message = SECRET.matcher(message.replaceAll("\\p{Cntrl}+", " ")).replaceAll("$1=...");
    message = message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)).strip();
    if (message.isEmpty()) {
      throw bad("message is empty");
    }
  }

  /**
   * Reads {@code {"type": "Normal|Warning", "reason", "message", "instance"}}.
   *
   * @throws GatewayException 400, naming what is wrong
   */
  static Report parse(byte[] json) {
    try {
      JsonNode body = new ObjectMapper().readTree(json);
      String type = body.path("type").asText("Normal");
      if (!type.equals("Normal") && !type.equals("Warning")) {
        throw bad("type is Normal or Warning");
      }
      return new Report(
          type.equals("Warning"),
          body.path("reason").asText(),
          body.path("message").asText(),
          body.path("instance").asText("loader"));
    } catch (JsonProcessingException e) {
      throw bad("it is not JSON");
    } catch (IOException e) {
      throw bad("it cannot be read");
    }
  }

  private static GatewayException bad(String why) {
    return new GatewayException(400, SourceException.Kind.USER, "not a report: " + why);
  }
}
