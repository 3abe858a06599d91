package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module's build sets a shorter time for it than production has. */
final class UnfinishedRequestTest {
  private static final int PATIENCE_MILLIS = 20_000;

  @AutoClose private final TestingGateway gateway;

  UnfinishedRequestTest(@TempDir Path directory) throws IOException {
    gateway = new TestingGateway(directory);
  }

  @Test
  void request_ofWhichTheRestDoesNotCome_isDropped() throws Exception {
    try (Socket socket = new Socket(gateway.place().getAddress(), gateway.place().getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket
          .getOutputStream()
          .write("GET /healthz HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }
}
