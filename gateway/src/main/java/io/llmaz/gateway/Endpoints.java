package io.llmaz.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.p2p.ImageTask;
import io.llmaz.api.p2p.ModelTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestJson;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The JSON paths: resolve, manifest, usage. */
final class Endpoints {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .configure(
              com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              false);
  private static final int LARGEST_REQUEST = 1 << 20;

  private final Callers callers;
  private final SourceFactory sources;
  private final LinkSigner links;
  private final Usages usages;
  private final URI base;

  Endpoints(Callers callers, SourceFactory sources, LinkSigner links, Usages usages, URI base) {
    this.callers = callers;
    this.sources = sources;
    this.links = links;
    this.usages = usages;
    this.base = base;
  }

  void resolve(HttpExchange exchange) throws IOException {
    callers.requireOperator(exchange);
    Manifest manifest = sources.of(request(exchange), usages.unattributed()).resolve();
    answer(exchange, ManifestJson.write(manifest));
  }

  void manifest(HttpExchange exchange, String name) throws IOException {
    Access.Caller caller = callers.caller(exchange);
    GatewayTask task = callers.requireReader(caller, name);
    usages.of(name).linksGivenTo(caller.pod());
    ObjectNode answer = JSON.createObjectNode();
    answer.set("manifest", JSON.readTree(ManifestJson.write(task.manifest())));
    ObjectNode addresses = answer.putObject("links");
    task.manifest()
        .files()
        .forEach(file -> addresses.put(file.path(), links.link(base, task, file).toString()));
    answer(exchange, JSON.writeValueAsBytes(answer));
  }

  private static P2PTaskSpec request(HttpExchange exchange) {
    try {
      JsonNode body = JSON.readTree(exchange.getRequestBody().readNBytes(LARGEST_REQUEST));
      @Nullable ModelTask model =
          body.hasNonNull("model")
              ? new ModelTask(JSON.treeToValue(body.get("model"), ModelSource.class))
              : null;
      @Nullable ImageTask image =
          body.hasNonNull("image") ? JSON.treeToValue(body.get("image"), ImageTask.class) : null;
      if ((model == null) == (image == null)) {
        throw new GatewayException(
            400, SourceException.Kind.BUG, "exactly one of model and image must be given");
      }
      return new P2PTaskSpec(model, image, null, null, null, null, null);
    } catch (IOException e) {
      throw new GatewayException(
          400, SourceException.Kind.BUG, "not a resolve request: " + e.getMessage());
    }
  }

  static void answer(HttpExchange exchange, byte[] json) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, json.length);
    exchange.getResponseBody().write(json);
  }
}
