package io.llmaz.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The packaged gateway as a process of its own, with the flags of its image. */
final class GatewayProgram implements AutoCloseable {
  /** Its own in {@code images/build}. */
  static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx128m");

  private final PackagedProgram program;
  private final URI address;

  /**
   * Starts it and returns when it listens.
   *
   * @throws IOException when it ends instead; the message holds its log
   */
  GatewayProgram(Path home, Path kubeconfig, Path log, URI hub) throws IOException {
    List<String> flags = new ArrayList<>(FLAGS);
    flags.addAll(PackagedProgram.COMMON_FLAGS);
    List<String> command = PackagedProgram.command(home, "gateway", flags);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("LLMAZ_GATEWAY_LISTEN", "127.0.0.1:0");
    builder.environment().put("HF_ENDPOINT", hub.toString());
    // Files are read again and again here.
    builder.environment().put("LLMAZ_BYTE_BUDGET", "1000");
    Process process = builder.start();
    program = new PackagedProgram(process, Duration.ofSeconds(5));
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    while (line != null && !line.startsWith("listening ")) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IOException("the gateway ended: " + Files.readString(log));
    }
    address = URI.create(line.substring("listening ".length()));
  }

  URI address() {
    return address;
  }

  double processorSeconds() {
    return program.processorSeconds();
  }

  double peakResident() throws IOException {
    return program.peakResident();
  }

  @Override
  public void close() {
    program.close();
  }
}
