package io.llmaz.parts;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * nginx (Debian's {@code nginx-light}) as a reverse proxy on loopback: a relay written in C, which
 * checks no link, shares no read and keeps nothing.
 */
public final class NginxProxy implements AutoCloseable {
  /** Buffers as they come: of a page. */
  public static final String PLAIN = "";

  /** Buffers of 256 KiB. */
  public static final String WIDE =
      "proxy_buffer_size 256k; proxy_buffers 8 256k; proxy_busy_buffers_size 512k;";

  private final URI address;
  private final RunningProgram program;

  /** Whether it is on this machine. */
  public static boolean installed() {
    return Tools.installed("nginx");
  }

  /**
   * Starts one process and returns when it listens.
   *
   * @param parent it keeps its files in a folder of this one
   * @param origin whose paths it gives
   * @param buffers {@link #PLAIN} or {@link #WIDE}
   */
  public NginxProxy(Path parent, URI origin, String buffers) throws IOException {
    int port = FreePorts.of(1).getFirst();
    address = URI.create("http://127.0.0.1:" + port);
    Path directory = Files.createDirectories(parent.resolve("nginx-" + port));
    Path config =
        Files.writeString(
            directory.resolve("nginx.conf"),
            """
            daemon off; master_process off; pid pid; error_log stderr;
            events {}
            http {
              access_log off; proxy_max_temp_file_size 0;
              client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
              server {
                listen 127.0.0.1:%d;
                location / { proxy_pass %s; proxy_http_version 1.1; proxy_set_header Connection ""; %s }
              }
            }
            """
                .formatted(port, origin, buffers));
    program =
        new RunningProgram(
            List.of(
                Tools.require("nginx").toString(),
                "-e",
                "stderr",
                "-p",
                directory.toString(),
                "-c",
                config.toString()),
            directory.resolve("out.log"),
            () -> RunningProgram.listens(port));
  }

  /** Where it listens. */
  public URI address() {
    return address;
  }

  /** Its process id, to measure it. */
  public long pid() {
    return program.pid();
  }

  @Override
  public void close() {
    program.close();
  }
}
