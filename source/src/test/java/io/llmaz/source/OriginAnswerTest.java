package io.llmaz.source;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OriginAnswerTest {
  @Test
  void get_aHeaderInTwoSpellings_hasBothValues() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread serving = Thread.ofVirtual().start(() -> answer(server));

      try (OriginAnswer answer =
          TestingOrigin.http()
              .get(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"), Map.of())) {
        assertThat(answer.headers().allValues("X-ID")).containsExactlyInAnyOrder("a", "b");
        assertThat(answer.body().readAllBytes()).isEqualTo("ok".getBytes(US_ASCII));
      }
      serving.join();
    }
  }

  private static void answer(ServerSocket server) {
    try (Socket socket = server.accept()) {
      byte[] request = new byte[4096];
      var _ = socket.getInputStream().read(request);
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nX-Id: a\r\nx-id: b\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
                  .getBytes(US_ASCII));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
