package io.llmaz.local.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoHubTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] WEIGHTS = new byte[100_000];

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private DemoHub hub;
  private DemoImage image;

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(WEIGHTS);
    Path model = folder.resolve("model");
    Files.createDirectories(model.resolve("onnx"));
    Files.write(model.resolve("onnx/model.onnx"), WEIGHTS);
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve(".hidden"), "not offered");
    Path jar = Files.writeString(folder.resolve("runner.jar"), "a jar");
    image =
        new DemoImage("llmaz/runner", "v1", List.of("java"), List.of(Map.of("/app/r.jar", jar)));
    Path work = Files.createDirectories(folder.resolve("work"));
    hub =
        DemoHub.start(
            DemoHubConfig.of(
                List.of(
                    new ModelRepository("org/open", model, Optional.empty()),
                    new ModelRepository("org/gated", model, Optional.of("hf_secret"))),
                List.of(image),
                work));
  }

  @AfterEach
  void stop() {
    hub.close();
    client.close();
  }

  private HttpResponse<byte[]> get(URI address, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> hub(String path, String... headers) throws Exception {
    return get(hub.hubAddress().resolve(path), headers);
  }

  private URI signed(String model) throws Exception {
    HttpResponse<byte[]> redirect =
        hub("/" + model + "/resolve/main/onnx/model.onnx", "Authorization", "Bearer hf_secret");
    return URI.create(redirect.headers().firstValue("Location").orElseThrow());
  }

  @Test
  void model_main_namesTheCommitThatAlsoWorksAsRevision() throws Exception {
    JsonNode model = JSON.readTree(hub("/api/models/org/open/revision/main").body());

    assertThat(model.path("sha").asText())
        .matches("[0-9a-f]{40}")
        .isEqualTo(hub.commit("org/open"));
    assertThat(model.path("siblings")).hasSize(2);
    assertThat(hub("/api/models/org/open/tree/" + hub.commit("org/open")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void tree_recursive_listsSizesAndDigests() throws Exception {
    JsonNode tree = JSON.readTree(hub("/api/models/org/open/tree/main?recursive=true").body());

    assertThat(tree.findValuesAsText("path"))
        .containsExactly("config.json", "onnx", "onnx/model.onnx");
    // git hash-object of a file that holds {}
    assertThat(tree.get(0).path("oid").asText())
        .isEqualTo("9e26dfeeb6e641a33dae4961196235bdb965b21b");
    assertThat(tree.get(0).has("lfs")).isFalse();
    assertThat(tree.get(1).path("type").asText()).isEqualTo("directory");
    assertThat(tree.get(2).at("/lfs/oid").asText()).isEqualTo(DigestUtils.sha256Hex(WEIGHTS));
    assertThat(tree.get(2).at("/lfs/size").asInt()).isEqualTo(WEIGHTS.length);
  }

  @Test
  void push_newFiles_movesMainAndKeepsTheEarlierCommit() throws Exception {
    String before = hub.commit("org/open");
    Path pushed = Files.createDirectories(folder.resolve("pushed"));
    Files.writeString(pushed.resolve("config.json"), "{\"version\": 2}");

    hub.push(new ModelRepository("org/open", pushed, Optional.empty()));

    assertThat(hub.commit("org/open")).isNotEqualTo(before);
    assertThat(hub("/org/open/resolve/main/config.json").body()).asString().contains("2");
    assertThat(hub("/org/open/resolve/" + before + "/config.json").body())
        .asString()
        .isEqualTo("{}");
  }

  @Test
  void tree_smallPages_linkToAllOfIt() throws Exception {
    List<String> paths = new ArrayList<>();
    Optional<URI> next =
        Optional.of(
            hub.hubAddress().resolve("/api/models/org/open/tree/main?recursive=true&limit=1"));
    while (next.isPresent()) {
      HttpResponse<byte[]> page = get(next.get());
      paths.addAll(JSON.readTree(page.body()).findValuesAsText("path"));
      next =
          page.headers()
              .firstValue("Link")
              .map(link -> URI.create(link.substring(1, link.indexOf('>'))));
    }

    assertThat(paths).containsExactly("config.json", "onnx", "onnx/model.onnx");
  }

  @Test
  void resolve_weights_redirectsToASignedAddressOnAnotherHost() throws Exception {
    HttpResponse<byte[]> redirect = hub("/org/open/resolve/main/onnx/model.onnx");

    assertThat(redirect.statusCode()).isEqualTo(302);
    assertThat(redirect.headers().firstValue("X-Repo-Commit")).contains(hub.commit("org/open"));
    assertThat(redirect.headers().firstValue("X-Linked-Size")).contains("100000");
    assertThat(redirect.headers().firstValue("X-Linked-Etag"))
        .contains("\"" + DigestUtils.sha256Hex(WEIGHTS) + "\"");
    URI location = URI.create(redirect.headers().firstValue("Location").orElseThrow());
    assertThat(location.getAuthority()).isEqualTo(hub.contentAddress().getAuthority());
    assertThat(get(location).body()).isEqualTo(WEIGHTS);
  }

  @Test
  void resolve_smallFile_isAnsweredItself() throws Exception {
    HttpResponse<byte[]> answer = hub("/org/open/resolve/main/config.json");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
  }

  @Test
  void resolve_gated_wantsTheToken() throws Exception {
    String file = "/org/gated/resolve/main/config.json";
    HttpResponse<byte[]> anonymous = hub(file);
    HttpResponse<byte[]> stranger = hub(file, "Authorization", "Bearer other");

    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(anonymous.headers().firstValue("X-Error-Code")).contains("GatedRepo");
    assertThat(stranger.statusCode()).isEqualTo(403);
    assertThat(hub(file, "Authorization", "Bearer hf_secret").statusCode()).isEqualTo(200);
  }

  @Test
  void unknown_repositoryRevisionAndFile_areToldApart() throws Exception {
    assertThat(hub("/api/models/org/none").statusCode()).isEqualTo(401);
    assertThat(hub("/api/models/org/none", "Authorization", "Bearer x").statusCode())
        .isEqualTo(404);
    assertThat(hub("/api/models/org/open/revision/dev").headers().firstValue("X-Error-Code"))
        .contains("RevisionNotFound");
    assertThat(hub("/org/open/resolve/main/none").headers().firstValue("X-Error-Code"))
        .contains("EntryNotFound");
  }

  @Test
  void content_range_isThePart() throws Exception {
    HttpResponse<byte[]> part = get(signed("org/open"), "Range", "bytes=10-19");

    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("Content-Range")).contains("bytes 10-19/100000");
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(WEIGHTS, 10, 20));
  }

  @Test
  void content_rangeBehindTheEnd_is416() throws Exception {
    assertThat(get(signed("org/open"), "Range", "bytes=100000-").statusCode()).isEqualTo(416);
  }

  @Test
  void content_changedSignature_is403() throws Exception {
    URI link = signed("org/gated");
    String wrong = link.toString().replaceAll("Signature=.", "Signature=x");

    assertThat(get(URI.create(wrong)).statusCode()).isEqualTo(403);
    assertThat(get(hub.contentAddress().resolve(link.getPath())).statusCode()).isEqualTo(403);
  }

  @Test
  void log_sameBytesTwice_countsThemOnceAsUnique() throws Exception {
    URI link = signed("org/open");
    HubLog.Totals before = hub.log().totals();
    get(link);
    get(link, "Range", "bytes=0-49999");

    HubLog.Totals sent = hub.log().totals().since(before);
    assertThat(sent.bytes()).isEqualTo(150_000);
    assertThat(sent.uniqueBytes()).isEqualTo(100_000);
    assertThat(sent.contentRequests()).isEqualTo(2);
    assertThat(sent.amplification()).isEqualTo(1.5);
    assertThat(hub.log().totals(Set.of(HubRequest.Part.REGISTRY)).bytes()).isZero();
  }

  @Test
  void log_request_saysWhoWithoutWhatIsSecret() throws Exception {
    hub(
        "/org/gated/resolve/main/config.json?x=signature",
        "Authorization",
        "Bearer hf_secret",
        "User-Agent",
        "someone");

    // The log is written after the answer.
    Awaitility.await().until(() -> !hub.log().requests().isEmpty());
    HubRequest request = hub.log().requests().getLast();
    assertThat(request.authorized()).isTrue();
    assertThat(request.userAgent()).isEqualTo("someone");
    assertThat(request.toString()).doesNotContain("hf_secret", "signature");
    assertThat(hub.log().tokensSeenOutside(r -> r.userAgent().equals("gateway"))).isEqualTo(1);
    assertThat(hub.log().tokensSeenOutside(r -> r.userAgent().equals("someone"))).isZero();
  }

  @Test
  void registry_pull_goesFromTagToLayer() throws Exception {
    URI registry = hub.registryAddress();
    HttpResponse<byte[]> challenge = get(registry.resolve("/v2/llmaz/runner/manifests/v1"));
    assertThat(challenge.statusCode()).isEqualTo(401);
    assertThat(challenge.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Bearer realm=\"" + registry + "/token\"")
        .contains("scope=\"repository:llmaz/runner:pull\"");
    String bearer =
        "Bearer " + JSON.readTree(get(registry.resolve("/token")).body()).path("token").asText();

    JsonNode index = manifest("v1", bearer);
    JsonNode manifest = manifest(index.at("/manifests/0/digest").asText(), bearer);
    String layer = manifest.at("/layers/0/digest").asText();
    byte[] blob =
        get(registry.resolve("/v2/llmaz/runner/blobs/" + layer), "Authorization", bearer).body();

    assertThat("sha256:" + DigestUtils.sha256Hex(blob)).isEqualTo(layer);
    assertThat(blob).hasSize(manifest.at("/layers/0/size").asInt());
    assertThat(new String(blob, StandardCharsets.US_ASCII)).contains("app/r.jar", "a jar");
    assertThat(hub.reference(image)).isEqualTo(registry.getAuthority() + "/llmaz/runner:v1");
  }

  private JsonNode manifest(String reference, String bearer) throws Exception {
    URI address = hub.registryAddress().resolve("/v2/llmaz/runner/manifests/" + reference);
    HttpResponse<byte[]> answer = get(address, "Authorization", bearer);
    assertThat(answer.headers().firstValue("Docker-Content-Digest"))
        .contains("sha256:" + DigestUtils.sha256Hex(answer.body()));
    return JSON.readTree(answer.body());
  }

  @Test
  void fault_status_happensAsOftenAsAskedFor() throws Exception {
    hub.inject("/config.json", 1, new Fault.Status(429, Map.of("Retry-After", "7")));

    HttpResponse<byte[]> first = hub("/org/open/resolve/main/config.json");
    assertThat(first.statusCode()).isEqualTo(429);
    assertThat(first.headers().firstValue("Retry-After")).contains("7");
    assertThat(hub("/org/open/resolve/main/config.json").statusCode()).isEqualTo(200);
  }

  @Test
  void fault_truncation_breaksOff() throws Exception {
    URI link = signed("org/open");
    hub.inject("/repos/", 1, new Fault.Truncation(1000));

    assertThatIOException().isThrownBy(() -> get(link));
    assertThat(get(link).body()).isEqualTo(WEIGHTS);
  }

  @Test
  void fault_wrongBytes_differInTheFirst() throws Exception {
    hub.inject("/repos/", 1, new Fault.WrongBytes());

    byte[] wrong = get(signed("org/open")).body();
    assertThat(wrong).hasSameSizeAs(WEIGHTS).isNotEqualTo(WEIGHTS);
  }

  @Test
  void fault_wrongSize_isInTheListing() throws Exception {
    hub.inject("/tree/", 1, new Fault.WrongSize(1));

    JsonNode tree = JSON.readTree(hub("/api/models/org/open/tree/main?recursive=true").body());
    assertThat(tree.get(2).at("/lfs/size").asInt()).isEqualTo(WEIGHTS.length + 1);
  }

  @Test
  void start_emptyFolder_isRefused() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    ModelRepository model = new ModelRepository("org/empty", empty, Optional.empty());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> DemoHub.start(DemoHubConfig.of(List.of(model), List.of(), folder)))
        .withMessageContaining("no files to offer in");
  }

  @Test
  void start_linkLifeZero_opensNothing() throws Exception {
    DemoHubConfig config =
        DemoHubConfig.of(
                List.of(new ModelRepository("o/m", folder.resolve("model"), Optional.empty())),
                List.of(),
                folder)
            .withLinkLife(Duration.ZERO);
    try (DemoHub expired = DemoHub.start(config)) {
      URI file = expired.hubAddress().resolve("/o/m/resolve/main/onnx/model.onnx");
      URI link = URI.create(get(file).headers().firstValue("Location").orElseThrow());

      assertThat(get(link).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void newToken_twice_differs() {
    assertThat(DemoHub.newToken()).startsWith("hf_").isNotEqualTo(DemoHub.newToken());
  }
}
