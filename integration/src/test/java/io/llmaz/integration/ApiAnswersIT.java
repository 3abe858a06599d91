package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.Crds;
import io.llmaz.local.controlplane.ControlPlane;
import io.llmaz.local.controlplane.ControlPlaneConfig;
import io.llmaz.parts.KubeApiServer;
import io.llmaz.parts.Tools;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The embedded API server beside the real one, answer by answer, for the calls that our operator,
 * JOSDK and kubectl make. The real one runs without Kubernetes' controllers, so that nobody else
 * changes anything; a difference is a bug of the embedded one.
 */
@EnabledIf("io.llmaz.parts.KubeApiServer#installed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ApiAnswersIT {
  static final List<ApiScripts.Script> SCRIPTS = ApiScripts.ALL;

  private KubeApiServer real;
  private ControlPlane embedded;
  private KubernetesClient toReal;
  private KubernetesClient toEmbedded;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    real = new KubeApiServer(directory);
    toReal =
        new KubernetesClientBuilder()
            .withConfig(once(Config.fromKubeconfig(Files.readString(real.kubeconfig()))))
            .build();
    embedded =
        ControlPlane.start(
            new ControlPlaneConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty()));
    toEmbedded = new KubernetesClientBuilder().withConfig(once(embedded.clientConfig())).build();
    for (KubernetesClient client : List.of(toReal, toEmbedded)) {
      for (String name : Crds.NAMES) {
        byte[] yaml = Crds.yaml(name).getBytes(StandardCharsets.UTF_8);
        client.load(new ByteArrayInputStream(yaml)).forceConflicts().serverSideApply();
      }
      client
          .load(
              new ByteArrayInputStream(
                  "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"contract\"}}"
                      .getBytes(StandardCharsets.UTF_8)))
          .serverSideApply();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            new TestingConversation(toReal)
                    .speak(
                        List.of(
                            "GET openmodels",
                            "GET p2ptasks",
                            "GET backendruntimes",
                            "GET playgrounds",
                            "GET services"))
                    .stream()
                    .allMatch(answer -> answer.path("code").asInt() == 200));
  }

  /** Without retries, as a failure is an answer too. */
  private static Config once(Config config) {
    return new ConfigBuilder(config).withRequestRetryBackoffLimit(0).build();
  }

  @AfterAll
  void stop() {
    toEmbedded.close();
    embedded.close();
    toReal.close();
    real.close();
  }

  @ParameterizedTest
  @FieldSource("SCRIPTS")
  void script_onBothServers_hasTheSameAnswers(ApiScripts.Script script) {
    CompletableFuture<List<JsonNode>> meanwhile =
        CompletableFuture.supplyAsync(() -> new TestingConversation(toReal).speak(script.calls()));
    List<JsonNode> actual = new TestingConversation(toEmbedded).speak(script.calls());
    List<JsonNode> expected = meanwhile.join();

    List<String> differences = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      List<String> here = new ArrayList<>();
      differences("", expected.get(i), actual.get(i), here);
      if (!here.isEmpty()) {
        differences.add(script.calls().get(i) + "\n    " + String.join("\n    ", here));
      }
    }
    assertThat(differences).as("real, then embedded").isEmpty();
  }

  @Test
  void aggregatedDiscovery_ofOurGroups_isTheSame() {
    // A real server gathers it from its definitions in the background.
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(discovered(toEmbedded)).hasSize(2).isEqualTo(discovered(toReal)));
  }

  private static List<JsonNode> discovered(KubernetesClient client) {
    HttpClient http = client.getHttpClient();
    String body =
        http.sendAsync(
                http.newHttpRequestBuilder()
                    .uri(client.getMasterUrl().toString().replaceFirst("/$", "") + "/apis")
                    .header(
                        "Accept",
                        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json")
                    .build(),
                String.class)
            .join()
            .body();
    List<JsonNode> ours = new ArrayList<>();
    for (JsonNode group : Serialization.unmarshal(body, JsonNode.class).path("items")) {
      if (group.at("/metadata/name").asText().endsWith("llmaz.io")) {
        ours.add(group);
      }
    }
    ours.sort(Comparator.comparing(group -> group.at("/metadata/name").asText()));
    return ours;
  }

  @Test
  @EnabledIf("kubectlInstalled")
  void kubectl_onBothServers_printsTheSame(@TempDir Path directory) throws IOException {
    for (Map.Entry<String, String> file : ApiScripts.FILES.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    TestingKubectl onReal =
        new TestingKubectl(directory.resolve("real"), Files.readString(real.kubeconfig()));
    TestingKubectl onEmbedded =
        new TestingKubectl(directory.resolve("embedded"), embedded.kubeconfig());

    CompletableFuture<List<String>> meanwhile =
        CompletableFuture.supplyAsync(() -> print(onReal, directory));
    List<String> actual = print(onEmbedded, directory);
    List<String> expected = meanwhile.join();

    List<String> differences = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      if (!expected.get(i).equals(actual.get(i))) {
        differences.add("real: " + expected.get(i) + "\nembedded: " + actual.get(i));
      }
    }
    assertThat(differences).isEmpty();
  }

  static boolean kubectlInstalled() {
    return Tools.installed("kubectl");
  }

  private static List<String> print(TestingKubectl kubectl, Path directory) {
    return ApiScripts.KUBECTL.stream()
        .map(command -> "kubectl " + command + "\n" + kubectl.run(command, directory))
        .toList();
  }

  private static void differences(
      String path, JsonNode expected, JsonNode actual, List<String> into) {
    if (expected.isObject() && actual.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      expected.fieldNames().forEachRemaining(names::add);
      actual.fieldNames().forEachRemaining(names::add);
      names.forEach(
          name -> differences(path + "/" + name, expected.path(name), actual.path(name), into));
    } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
      for (int i = 0; i < expected.size(); i++) {
        differences(path + "/" + i, expected.path(i), actual.path(i), into);
      }
    } else if (!expected.equals(actual)) {
      into.add(path + ": " + text(expected) + " | " + text(actual));
    }
  }

  private static String text(JsonNode node) {
    return node.isMissingNode() ? "(nothing)" : node.toString();
  }
}
