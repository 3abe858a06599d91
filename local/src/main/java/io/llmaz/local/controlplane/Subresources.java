package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is asked of an object beside itself: its scale, its log, a token, a node for it. */
final class Subresources {
  private static final Duration TOKEN_LIFE = Duration.ofHours(1);

  private final ObjectApi objects;
  private final Tokens tokens;
  private volatile PodLogs podLogs = PodLogs.NONE;

  Subresources(ObjectApi objects, Tokens tokens) {
    this.objects = objects;
    this.tokens = tokens;
  }

  void setPodLogs(PodLogs logs) {
    podLogs = logs;
  }

  void scale(ApiRequest request, ResourceType type) throws IOException {
    if (type.scale().isEmpty() && !type.custom()) {
      throw ApiException.unknownResource();
    }
    ObjectNode object = objects.get(type, request.namespace(), request.name());
    if (type.scale().isEmpty()) {
      throw ApiException.unknownResource();
    }
    if (!request.method().equals("GET")) {
      JsonNode body = request.body();
      String format = request.header("Content-Type");
      ObjectApi.Options options = request.options();
      ObjectApi.Options plain =
          new ObjectApi.Options(options.fieldManager(), "scale", options.dryRun(), false);
      object =
          objects.change(
              type,
              request.namespace(),
              request.name(),
              plain,
              live -> {
                ObjectNode scale = Scale.of(type, live);
                if (format.contains("json-patch")) {
                  scale = (ObjectNode) Patches.json(scale, body);
                } else {
                  Patches.merge(scale, (ObjectNode) body.deepCopy());
                }
                Scale.writeTo(type, live, scale);
                return live;
              });
    }
    Answers.json(request.exchange(), 200, Scale.of(type, object));
  }

  void log(ApiRequest request) throws IOException {
    objects.get(ResourceTypes.PODS, request.namespace(), request.name());
    request.exchange().getResponseHeaders().set("Content-Type", "text/plain");
    request.exchange().sendResponseHeaders(200, 0);
    try (OutputStream out = request.exchange().getResponseBody()) {
      podLogs.copy(
          request.namespace(),
          request.name(),
          request.parameter("container"),
          request.flag("follow"),
          out);
    }
  }

  void token(ApiRequest request) throws IOException {
    objects.get(ResourceTypes.SERVICE_ACCOUNTS, request.namespace(), request.name());
    ObjectNode body = request.objectBody();
    List<String> audiences = new ArrayList<>();
    body.path("spec").path("audiences").forEach(audience -> audiences.add(audience.asText()));
    Duration life =
        Duration.ofSeconds(
            body.path("spec").path("expirationSeconds").asLong(TOKEN_LIFE.toSeconds()));
    Tokens.Issued issued = tokens.issue(request.namespace(), request.name(), audiences, life);
    body.put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
    body.putObject("status")
        .put("token", issued.token())
        .put("expirationTimestamp", issued.expires().toString());
    Answers.json(request.exchange(), 201, body);
  }

  void binding(ApiRequest request, ResourceType type) throws IOException {
    String node = request.objectBody().path("target").path("name").asText();
    objects.change(
        type,
        request.namespace(),
        request.name(),
        new ObjectApi.Options("scheduler", "", "", false),
        pod -> {
          Json.child(pod, "spec").put("nodeName", node);
          return pod;
        });
    Answers.json(request.exchange(), 201, Answers.success());
  }
}
