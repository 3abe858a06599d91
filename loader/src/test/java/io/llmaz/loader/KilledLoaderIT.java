package io.llmaz.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loader as a process of its own, ended in the middle of a file. */
final class KilledLoaderIT {
  private static final int BUFFERS_LEFT = 4 * 256 * 1024;

  @TempDir Path directory;
  private final TestingHub hub = new TestingHub();
  private final byte[] content = new byte[1_500_000];

  @BeforeEach
  void fill() {
    new Random(5).nextBytes(content);
    hub.files.put("model.bin", content);
    hub.most = 1_200_000;
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void run_afterSigkill_goesOnWhereItStopped() throws Exception {
    Process process = startAndAwaitHalf();
    process.destroyForcibly();
    assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();

    assertNextRunGoesOn();
  }

  @Test
  void run_sigterm_endsWithinASecondAndLeavesAStateToGoOn() throws Exception {
    Process process = startAndAwaitHalf();
    process.destroy();

    assertThat(process.waitFor(1, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertNextRunGoesOn();
  }

  @Test
  void run_nameOutsideTheLocale_exits64AndSaysWhatToSet() throws Exception {
    hub.files.put("r\u00e9sum\u00e9.json", new byte[1]);
    ProcessBuilder builder = command();
    builder.environment().put("LC_ALL", "C");

    assertThat(builder.start().waitFor()).isEqualTo(64);

    assertThat(directory.resolve("output")).content().contains("set LC_ALL=C.UTF-8");
  }

  private void assertNextRunGoesOn() {
    hub.most = Integer.MAX_VALUE;

    assertThat(Main.run(environment())).isZero();

    assertThat(directory.resolve("models--f--f/model.bin")).hasBinaryContent(content);
    assertThat(hub.asked).anyMatch(a -> a.endsWith("bytes=" + BUFFERS_LEFT + "-1499999"));
  }

  private ProcessBuilder command() {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            "io.llmaz.loader.Main");
    builder.environment().putAll(environment());
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("output").toFile());
    return builder;
  }

  private Process startAndAwaitHalf() throws IOException {
    Process process = command().start();
    await().atMost(Duration.ofSeconds(20)).until(() -> partialBytes() == BUFFERS_LEFT);
    return process;
  }

  private long partialBytes() {
    Path partial = directory.resolve("models--f--f/.llmaz/f-f/partial");
    if (!Files.isDirectory(partial)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(partial)) {
      return files.mapToLong(path -> path.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> environment() {
    return Map.of(
        "MODEL_SOURCE_TYPE",
        "modelhub",
        "MODEL_ID",
        "f/f",
        "HF_ENDPOINT",
        hub.uri().toString(),
        "LLMAZ_MODEL_ROOT",
        directory.toString());
  }
}
