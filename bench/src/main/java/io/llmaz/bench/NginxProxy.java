package io.llmaz.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * nginx as a reverse proxy, once as it comes and once with wide buffers, of 256 KiB: what a relay
 * written in C costs where the gateway stands. It checks no link, shares no read and keeps nothing.
 *
 * <p>One process, which waits for one reader at a time.
 */
final class NginxProxy implements AutoCloseable {
  private static final String SERVER =
      """
      server {
        listen 127.0.0.1:%d;
        location / {
          proxy_pass %s;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          %s
        }
      }
      """;

  private static final String WIDE =
      "proxy_buffer_size 256k; proxy_buffers 8 256k; proxy_busy_buffers_size 512k;";

  private final PackagedProgram program;
  private final URI plain;
  private final URI wide;

  private NginxProxy(PackagedProgram program, URI plain, URI wide) {
    this.program = program;
    this.plain = plain;
    this.wide = wide;
  }

  /**
   * Starts it, where it is installed (Debian's {@code nginx-light}).
   *
   * @param work a folder of its own
   */
  static Optional<NginxProxy> installed(Path work, URI origin) throws IOException {
    if (!Files.isExecutable(Path.of("/usr/sbin/nginx"))) {
      return Optional.empty();
    }
    int plain = freePort();
    int wide = freePort();
    Files.createDirectories(work);
    Files.writeString(
        work.resolve("nginx.conf"),
        """
        daemon off; master_process off; pid pid; error_log stderr;
        events {}
        http {
          access_log off; proxy_max_temp_file_size 0;
          client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
          %s %s
        }
        """
            .formatted(SERVER.formatted(plain, origin, ""), SERVER.formatted(wide, origin, WIDE)));
    Process process =
        new ProcessBuilder(
                "/usr/sbin/nginx", "-e", "stderr", "-p", work.toString(), "-c", "nginx.conf")
            .redirectError(work.resolve("log").toFile())
            .start();
    return Optional.of(
        new NginxProxy(
            new PackagedProgram(process, Duration.ofSeconds(5)), address(plain), address(wide)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static URI address(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The origin's files through it, with wide buffers or as it comes. */
  List<URI> through(List<URI> files, boolean wideBuffers) {
    URI address = wideBuffers ? wide : plain;
    return files.stream().map(file -> address.resolve(file.getPath())).toList();
  }

  double processorSeconds() {
    return program.processorSeconds();
  }

  @Override
  public void close() {
    program.close();
  }
}
