package io.llmaz.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Speaks one script of calls with an API server and keeps the answers in a form that two servers
 * can share: what a server chooses by itself is replaced by its number of appearance. Versions are
 * {@code $v1, $v2, …}, uids {@code $u1, …}, times {@code $time}; scripts can use them.
 *
 * <p>A call is {@code VERB kind[/name[/subresource]][?query] [body in YAML]}.
 */
final class TestingConversation {
  private static final String NAMESPACE = "contract";
  private static final String NAMESPACED = "/namespaces/" + NAMESPACE + "/";
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("namespaces", "/api/v1/namespaces"),
          Map.entry("configmaps", "/api/v1" + NAMESPACED + "configmaps"),
          Map.entry("secrets", "/api/v1" + NAMESPACED + "secrets"),
          Map.entry("coreservices", "/api/v1" + NAMESPACED + "services"),
          Map.entry("events", "/apis/events.k8s.io/v1" + NAMESPACED + "events"),
          Map.entry("coreevents", "/api/v1" + NAMESPACED + "events"),
          Map.entry("leases", "/apis/coordination.k8s.io/v1" + NAMESPACED + "leases"),
          Map.entry("deployments", "/apis/apps/v1" + NAMESPACED + "deployments"),
          Map.entry(
              "autoscalers", "/apis/autoscaling/v2" + NAMESPACED + "horizontalpodautoscalers"),
          Map.entry("openmodels", "/apis/llmaz.io/v1alpha1/openmodels"),
          Map.entry("p2ptasks", "/apis/llmaz.io/v1alpha1/p2ptasks"),
          Map.entry("backendruntimes", "/apis/inference.llmaz.io/v1alpha1/backendruntimes"),
          Map.entry(
              "playgrounds", "/apis/inference.llmaz.io/v1alpha1" + NAMESPACED + "playgrounds"),
          Map.entry("services", "/apis/inference.llmaz.io/v1alpha1" + NAMESPACED + "services"));
  private static final Map<String, String> PATCHES =
      Map.of(
          "APPLY", "application/apply-patch+yaml",
          "MERGE", "application/merge-patch+json",
          "JSONPATCH", "application/json-patch+json",
          "STRATEGIC", "application/strategic-merge-patch+json");
  private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
  private static final Pattern UID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
  private static final Pattern AGE = Pattern.compile("\\d+[smhd]");

  private final KubernetesClient client;
  private final Map<String, String> chosen = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  TestingConversation(KubernetesClient client) {
    this.client = client;
  }

  /** The answers to a script, each with its status code, events of a watch as a list. */
  List<JsonNode> speak(List<String> script) {
    List<JsonNode> answers = new ArrayList<>();
    for (String line : script) {
      String[] call = known(line).split(" +", 3);
      HttpResponse<String> response = send(call[0], path(call[1]), call.length > 2 ? call[2] : "");
      ArrayNode documents = JsonNodeFactory.instance.arrayNode();
      // Servers tell how far they are when they like, but for the end of the first events.
      response
          .body()
          .lines()
          .filter(text -> !text.isBlank())
          .filter(text -> !text.contains("BOOKMARK") || text.contains("initial-events-end"))
          .forEach(text -> documents.add(json(text)));
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("code", response.code());
      JsonNode body = call[0].startsWith("WATCH") ? documents : documents.path(0);
      answer.set("body", shared(body, ""));
      answers.add(answer);
    }
    return answers;
  }

  private HttpResponse<String> send(String verb, String path, String body) {
    HttpRequest.Builder request = client.getHttpClient().newHttpRequestBuilder();
    request.uri(client.getMasterUrl().toString().replaceAll("/$", "") + path);
    request.header("Accept", verb.endsWith("TABLE") ? TABLE : "application/json");
    request.header("User-Agent", "contract/1");
    String text = body.isEmpty() ? "" : json(body).toString();
    switch (verb) {
      case "GET", "TABLE", "WATCH", "WATCHTABLE" -> {}
      case "DELETE" -> request.delete("application/json", text.isEmpty() ? "{}" : text);
      case "POST", "PUT" -> request.method(verb, "application/json", text);
      default -> request.method("PATCH", PATCHES.get(verb), text);
    }
    return client.getHttpClient().sendAsync(request.build(), String.class).join();
  }

  private static String path(String call) {
    if (call.startsWith("/")) {
      return call;
    }
    String kind = call.split("[/?]", 2)[0];
    return KINDS.get(kind) + call.substring(kind.length());
  }

  /** The line with this server's own values in the places of their numbers. */
  private String known(String line) {
    String text = line;
    // The last first, so that $v1 is no part of $v12.
    for (Map.Entry<String, String> value :
        chosen.entrySet().stream()
            .sorted(
                Comparator.comparingInt((Map.Entry<String, String> e) -> e.getValue().length())
                    .reversed())
            .toList()) {
      text = text.replace(value.getValue(), value.getKey());
    }
    return text;
  }

  private String number(String kind, String value) {
    return chosen.computeIfAbsent(
        value, unseen -> "$" + kind + counts.merge(kind, 1, Integer::sum));
  }

  private String numbered(String text) {
    return UID.matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(number("u", match.group())));
  }

  /** A value with numbers for what a server chooses; {@code field} is its path. */
  private JsonNode shared(JsonNode node, String field) {
    if (node instanceof ObjectNode object) {
      if (field.endsWith("/metadata") && !object.has("uid") && object.has("resourceVersion")) {
        object.put("resourceVersion", "$all"); // A list's is moved by anybody's writes.
      }
      ObjectNode next = object.objectNode();
      object
          .properties()
          .forEach(
              e -> next.set(numbered(e.getKey()), shared(e.getValue(), field + "/" + e.getKey())));
      if (field.endsWith("/columnDefinitions")) {
        next.remove("description"); // Prose for people.
      }
      return next;
    }
    if (node instanceof ArrayNode list) {
      List<JsonNode> items = new ArrayList<>();
      list.forEach(item -> items.add(shared(item, field)));
      if (field.endsWith("/managedFields")) {
        // Their order is by time.
        items.sort(
            Comparator.comparing(item ->
                item.path("manager") + " " + item.path("operation") + item.path("subresource")));
      }
      if (field.endsWith("/resources")) {
        items.sort(Comparator.comparing(item -> item.path("name").asText())); // In any order.
      }
      return list.arrayNode().addAll(items);
    }
    if (!node.isTextual() || node.textValue().isEmpty()) {
      return node;
    }
    String text = node.textValue();
    if (field.endsWith("/resourceVersion") && !text.startsWith("$")) {
      return TextNode.valueOf(number("v", text));
    }
    text = numbered(text);
    text = TIME.matcher(text).replaceAll("\\$time");
    return TextNode.valueOf(AGE.matcher(text).matches() ? "$age" : text);
  }

  private static JsonNode json(String text) {
    return Serialization.unmarshal(text.startsWith("{\"") ? text : "---\n" + text, JsonNode.class);
  }
}
