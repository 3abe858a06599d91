package io.llmaz.loader;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.source.ManifestFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Whole runs against a hand-made hub, gateway and daemon. The repository is called f/f. */
final class TestingLoad implements AutoCloseable {
  static final byte[] LARGE = random(1_500_000);

  final TestingHub hub = new TestingHub();
  private final Path directory;
  private String output = "";

  /** One that has loaded nothing yet. */
  TestingLoad(Path directory) {
    this.directory = directory;
    hub.files.put("model.bin", LARGE);
    hub.files.put("sub/config.json", "{}".getBytes(StandardCharsets.UTF_8));
    hub.files.put("empty", new byte[0]);
  }

  /** What the last run wrote. */
  String output() {
    return output;
  }

  void leavePartial(byte[] bytes, int length) throws IOException {
    ManifestFile file = ManifestFile.verified("model.bin", LARGE.length, TestingHub.sha256(LARGE));
    ModelDirectory place = new ModelDirectory(model(), "f/f");
    try (PartialFile partial = PartialFile.open(place.partialFiles(), file)) {
      for (int at = 0; at < length; at += 100_000) {
        byte[] buffer = partial.buffer();
        System.arraycopy(bytes, at, buffer, 0, 100_000);
        partial.append(buffer, 100_000);
      }
    }
  }

  void assertPublished() throws IOException {
    assertThat(model().resolve("model.bin")).hasBinaryContent(LARGE);
    assertThat(model().resolve("sub/config.json")).hasContent("{}");
    assertThat(model().resolve("empty")).isEmptyFile();
    try (Stream<Path> own = Files.walk(model().resolve(".llmaz"))) {
      assertThat(own.filter(Files::isRegularFile).map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("complete.json", "lock");
    }
  }

  Path model() {
    return directory.resolve("models/models--f--f");
  }

  Map<String, String> plain() {
    Map<String, String> environment = new HashMap<>();
    environment.put("MODEL_SOURCE_TYPE", "modelhub");
    environment.put("MODEL_ID", "f/f");
    environment.put("HF_ENDPOINT", hub.uri().toString());
    environment.put("LLMAZ_MODEL_ROOT", directory.resolve("models").toString());
    return environment;
  }

  Map<String, String> p2p() {
    Map<String, String> environment = plain();
    Path token = directory.resolve("token");
    try {
      Files.writeString(token, "t");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    environment.put("LLMAZ_TASK", "model-f");
    environment.put("LLMAZ_GATEWAY", hub.uri().toString());
    environment.put("LLMAZ_GATEWAY_TOKEN_FILE", token.toString());
    environment.put("LLMAZ_NODE_IP", "127.0.0.1");
    environment.put("LLMAZ_DFDAEMON_PROXY_PORT", Integer.toString(hub.uri().getPort()));
    return environment;
  }

  Map<String, String> objectStore(String path) {
    Map<String, String> environment = p2p();
    environment.remove("MODEL_ID");
    environment.put("MODEL_SOURCE_TYPE", "objstore");
    environment.put("PROVIDER", "S3");
    environment.put("BUCKET", "b");
    environment.put("MODEL_PATH", path);
    return environment;
  }

  int run(Map<String, String> environment) {
    return run(List.of(), environment);
  }

  int run(List<String> arguments, Map<String, String> environment) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(captured);
      System.setErr(captured);
      return Main.run(arguments, environment);
    } finally {
      System.setOut(out);
      System.setErr(err);
      output = bytes.toString(StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    hub.close();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
