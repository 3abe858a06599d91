package io.llmaz.local.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The gateway as a process of its own, so that the tokens are in no other. */
final class GatewayProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 3;
  // A JVM in training writes its cache before it ends.
  private static final long RECORDING_STOP_SECONDS = 60;

  private final Process process;
  private final URI address;
  private final long stopSeconds;

  private GatewayProcess(Process process, URI address, boolean recording) {
    this.process = process;
    this.address = address;
    this.stopSeconds = recording ? RECORDING_STOP_SECONDS : STOP_SECONDS;
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param kubeconfig how it reaches the API server, with its own account
   */
  static GatewayProcess start(
      Programs programs, Path directory, String kubeconfig, Map<String, String> environment)
      throws IOException {
    Files.createDirectories(directory);
    Path config = directory.resolve("kubeconfig");
    Files.deleteIfExists(config);
    Files.createFile(
        config, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(config, kubeconfig);
    List<String> command = JavaProgram.command(programs, "gateway", "io.llmaz.gateway.Main");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(directory.resolve("gateway.log").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("KUBE"));
    builder.environment().put("KUBECONFIG", config.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    while (line != null && !line.startsWith("listening ")) {
      line = output.readLine();
    }
    if (line == null) {
      process.destroyForcibly();
      throw new IOException(
          "the gateway did not start: " + Files.readString(directory.resolve("gateway.log")));
    }
    return new GatewayProcess(
        process, URI.create(line.substring("listening ".length())), programs.recording());
  }

  URI address() {
    return address;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(stopSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
