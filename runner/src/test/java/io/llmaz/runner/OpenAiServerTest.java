package io.llmaz.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private EmbeddingModel model;
  private OpenAiServer server;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    model = EmbeddingModel.load(RealModel.into(directory));
    server = serve(CompletableFuture.completedFuture(model));
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
    model.close();
  }

  private static OpenAiServer serve(CompletableFuture<EmbeddingModel> model) throws IOException {
    return OpenAiServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "minilm", model);
  }

  private record Answer(int status, JsonNode body) {}

  private Answer get(OpenAiServer from, String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(from, path)).build());
  }

  private Answer embed(String body) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(server, "/v1/embeddings"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private Answer send(HttpRequest request) throws Exception {
    HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
  }

  private static URI uri(OpenAiServer server, String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  @Test
  void embeddings_threeSentences_relatedOnesAreNearer() throws Exception {
    JsonNode data =
        embed(
                """
                {"model": "minilm", "input": ["A cat sits on the sofa.",
                 "A kitten rests on the couch.", "Interest rates rose again this quarter."]}\
                """)
            .body()
            .path("data");

    assertThat(cosine(data.get(0), data.get(1)))
        .isGreaterThan(0.5)
        .isGreaterThan(cosine(data.get(0), data.get(2)) + 0.3);
  }

  @Test
  void embeddings_oneString_answersInOpenAiShape() throws Exception {
    Answer answer = embed("{\"model\": \"minilm\", \"input\": \"hello world\"}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("object").asText()).isEqualTo("list");
    assertThat(answer.body().path("model").asText()).isEqualTo("minilm");
    assertThat(answer.body().at("/data/0/object").asText()).isEqualTo("embedding");
    assertThat(answer.body().at("/data/0/index").asInt(-1)).isZero();
    assertThat(answer.body().at("/data/0/embedding")).hasSize(384);
    // [CLS] hello world [SEP]
    assertThat(answer.body().at("/usage/prompt_tokens").asInt()).isEqualTo(4);
    assertThat(answer.body().at("/usage/total_tokens").asInt()).isEqualTo(4);
  }

  @Test
  void embeddings_base64_holdsTheSameFloats() throws Exception {
    JsonNode floats =
        embed("{\"model\": \"minilm\", \"input\": \"x\"}").body().at("/data/0/embedding");
    String base64 =
        embed("{\"model\": \"minilm\", \"input\": \"x\", \"encoding_format\": \"base64\"}")
            .body()
            .at("/data/0/embedding")
            .textValue();

    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(384 * Float.BYTES);
    floats.forEach(value -> assertThat(bytes.getFloat()).isEqualTo(value.floatValue()));
  }

  @Test
  void embeddings_textBesideOthers_isTheSameBitForBit() throws Exception {
    JsonNode alone =
        embed("{\"model\": \"minilm\", \"input\": \"same\"}").body().at("/data/0/embedding");
    JsonNode beside =
        embed("{\"model\": \"minilm\", \"input\": [\"a much longer text than it\", \"same\"]}")
            .body()
            .at("/data/1/embedding");

    assertThat(beside).isEqualTo(alone);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{| ",
        "[]| ",
        "{\"model\": \"minilm\"}|input",
        "{\"input\": \"x\"}|model",
        "{\"model\": \"minilm\", \"input\": []}|input",
        "{\"model\": \"minilm\", \"input\": \"\"}|input",
        "{\"model\": \"minilm\", \"input\": [1, 2]}|input",
        "{\"model\": \"minilm\", \"input\": \"x\", \"encoding_format\": \"hex\"}|encoding_format",
        "{\"model\": \"minilm\", \"input\": \"x\", \"dimensions\": 3}|dimensions",
      })
  void embeddings_badRequest_is400NamingTheParameter(String body, String parameter)
      throws Exception {
    Answer answer = embed(body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(answer.body().at("/error/param").textValue()).isEqualTo(parameter);
    assertThat(answer.body().at("/error/message").asText()).isNotBlank();
  }

  @Test
  void embeddings_textLongerThanTheModelReads_is400() throws Exception {
    Answer answer = embed("{\"model\": \"minilm\", \"input\": \"" + "word ".repeat(600) + "\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().at("/error/code").asText()).isEqualTo("context_length_exceeded");
  }

  @Test
  void embeddings_otherModel_is404() throws Exception {
    Answer answer = embed("{\"model\": \"gpt\", \"input\": \"x\"}");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body().at("/error/code").asText()).isEqualTo("model_not_found");
  }

  @Test
  void request_unknownPath_is404() throws Exception {
    assertThat(get(server, "/v1/chat").status()).isEqualTo(404);
  }

  @Test
  void embeddings_get_is405() throws Exception {
    assertThat(get(server, "/v1/embeddings").status()).isEqualTo(405);
  }

  @Test
  void models_loaded_listsTheServedName() throws Exception {
    assertThat(get(server, "/v1/models").body().at("/data/0/id").asText()).isEqualTo("minilm");
  }

  @Test
  void health_beforeAndAfterLoading_is503Then200() throws Exception {
    CompletableFuture<EmbeddingModel> loading = new CompletableFuture<>();
    try (OpenAiServer early = serve(loading)) {
      assertThat(get(early, "/health").status()).isEqualTo(503);
      loading.complete(model);
      assertThat(get(early, "/health").status()).isEqualTo(200);
    }
  }

  private static double cosine(JsonNode one, JsonNode other) {
    double sum = 0;
    for (int d = 0; d < one.path("embedding").size(); d++) {
      sum += one.at("/embedding/" + d).asDouble() * other.at("/embedding/" + d).asDouble();
    }
    return sum;
  }
}
