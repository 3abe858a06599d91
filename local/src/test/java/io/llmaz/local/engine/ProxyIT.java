package io.llmaz.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.local.engine.store.StoredTask;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP port of one node, as curl, containerd and the loader use it. */
@Timeout(30)
final class ProxyIT {
  private static final String KEY = "X-Dragonfly-Content-For-Calculating-Task-ID";
  private static final int SIZE = TestingCluster.PIECE * 6 + 7;

  @TempDir Path directory;
  private TestingCluster cluster;
  private EngineNode node;
  private final byte[] content = TestingOrigin.random(SIZE, 3);

  @BeforeEach
  void start() throws Exception {
    cluster = new TestingCluster(directory);
    node = cluster.peer("node");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=65530-65550, 65530, 21",
    "bytes=300000-, 300000, 93223",
    "bytes=-5, 393218, 5",
    "bytes=0-999999999, 0, 393223"
  })
  void get_ofARange_isThatPart(String range, int first, int length) throws Exception {
    String url = cluster.origin.put("/file", content);
    HttpResponse<byte[]> answer = cluster.get(node, url, KEY, "key", "Range", range);
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(content, first, first + length));
    assertThat(answer.headers().firstValue("Content-Range"))
        .hasValue("bytes %d-%d/%d".formatted(first, first + length - 1, SIZE));
  }

  @Test
  void get_ofARangeBehindTheEnd_is416WithTheLength() throws Exception {
    String url = cluster.origin.put("/file", content);
    HttpResponse<byte[]> answer = cluster.get(node, url, KEY, "key", "Range", "bytes=393223-");
    assertThat(answer.statusCode()).isEqualTo(416);
    assertThat(answer.headers().firstValue("Content-Range")).hasValue("bytes */" + SIZE);
  }

  @Test
  void get_ofAKnownTask_asksTheSourceNothing() throws Exception {
    String url = cluster.origin.put("/file", content);
    HttpResponse<byte[]> first = cluster.get(node, url, KEY, "key");
    assertThat(first.headers().firstValue("X-Dragonfly-Task-Download-Finished")).hasValue("false");
    int requests = cluster.origin.requests();
    HttpResponse<byte[]> again = cluster.get(node, url + "?sig=other", KEY, "key");
    assertThat(again.headers().firstValue("X-Dragonfly-Task-Download-Finished")).hasValue("true");
    assertThat(again.headers().firstValue("ETag")).hasValue("\"test\"");
    assertThat(cluster.origin.requests()).isEqualTo(requests);
  }

  @Test
  void get_withoutTheHeader_goesStraight() throws Exception {
    String url = cluster.origin.put("/file", content);
    HttpResponse<byte[]> answer =
        cluster.get(node, url, "X-Dragonfly-Use-P2P", "false", "Range", "bytes=1-3");
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(content, 1, 4));
    assertThat(node.store().list()).isEmpty();
  }

  @Test
  void mirror_ofABlob_isATaskNamedByItsDigest() throws Exception {
    String hex = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    String path = "/v2/library/x/blobs/sha256:" + hex;
    String url = cluster.origin.put(path, content);
    HttpResponse<byte[]> answer = mirror(path, url.substring(0, url.length() - path.length()));
    assertThat(answer.body()).isEqualTo(content);
    assertThat(node.store().list()).extracting(StoredTask::id).containsExactly(hex);
  }

  @Test
  void mirror_ofAManifest_goesStraight() throws Exception {
    String path = "/v2/library/x/manifests/latest";
    String url = cluster.origin.put(path, "{}".getBytes(StandardCharsets.UTF_8));
    HttpResponse<byte[]> answer = mirror(path, url.substring(0, url.length() - path.length()));
    assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
    assertThat(node.store().list()).isEmpty();
  }

  @Test
  void get_whenTheSourceFailsInTheMiddle_breaksTheConnection() throws Exception {
    String url = cluster.origin.put("/file", content);
    cluster.origin.failAfter(2);
    assertThatThrownBy(() -> cluster.get(node, url, KEY, "key")).isInstanceOf(IOException.class);
  }

  @Test
  void connect_isRefusedWithAReason() throws Exception {
    InetSocketAddress address = node.proxyAddress();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket
          .getOutputStream()
          .write(
              "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] line = socket.getInputStream().readNBytes(12);
      assertThat(line).asString(StandardCharsets.US_ASCII).isEqualTo("HTTP/1.1 501");
    }
  }

  private HttpResponse<byte[]> mirror(String path, String registry) throws Exception {
    InetSocketAddress proxy = node.proxyAddress();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create("http://" + proxy.getHostString() + ":" + proxy.getPort() + path))
              .header("X-Dragonfly-Registry", registry)
              .build(),
          BodyHandlers.ofByteArray());
    }
  }
}
