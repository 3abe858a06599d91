package io.llmaz.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmaz.scheduler.SchedulerConfig;
import io.llmaz.scheduler.SchedulerServer;
import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model-loader process and a node's daemon that share a folder: what is asked by the unix socket
 * is linked, not copied.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LinkedLoadContract {
  private final byte[] content = new byte[9_000_001];

  private Path shared = Path.of("");
  private TestingModelGateway gateway;
  private SchedulerServer scheduler;
  private Daemon daemon;

  /**
   * A daemon.
   *
   * @param socket of {@code DfdaemonDownload}
   * @param upload of {@code DfdaemonUpload}
   */
  record Daemon(
      Path socket, InetSocketAddress proxy, InetSocketAddress upload, AutoCloseable process) {}

  /** Starts a daemon that keeps its files in the folder. */
  abstract Daemon startDaemon(Path folder, InetSocketAddress scheduler) throws Exception;

  @BeforeAll
  void startAll(@TempDir Path folder) throws Exception {
    shared = folder;
    new Random(5).nextBytes(content);
    gateway = new TestingModelGateway();
    scheduler =
        SchedulerServer.start(
            SchedulerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    daemon =
        startDaemon(
            Files.createDirectory(shared.resolve("daemon")),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), scheduler.port()));
  }

  @AfterAll
  void stopAll() throws Exception {
    daemon.process().close();
    scheduler.close();
    gateway.close();
  }

  @Test
  void loader_storeOnTheModelsMount_publishesTheDaemonsOwnFile(TestInfo test) throws Exception {
    gateway.put("model.bin", bytes(test));
    Path root = root(test);

    Program.End end = load(root, root);

    assertThat(end.status()).as(end.output()).isZero();
    assertThat(model(root)).hasBinaryContent(bytes(test));
    assertThat(Files.getAttribute(model(root), "unix:nlink")).as(end.output()).isEqualTo(2);
    assertThat(end.output()).contains("dfdaemon-link " + content.length).doesNotContain("step-");
  }

  @Test
  void loader_secondModelOfTheNode_linksTheSameFileAndAsksNobody(TestInfo test) throws Exception {
    gateway.put("model.bin", bytes(test));
    Path root = root(test);
    assertThat(load(root, root).status()).isZero();
    long before = gateway.bytes();
    Path second = Files.createDirectory(root.resolve("second"));

    Program.End end = load(second, second);

    assertThat(end.status()).as(end.output()).isZero();
    assertThat(Files.isSameFile(model(root), model(second))).isTrue();
    assertThat(gateway.bytes() - before).as("at most a probe").isLessThanOrEqualTo(1);
  }

  @Test
  void loader_daemonSeesTheModelUnderAnotherName_linksThere(TestInfo test) throws Exception {
    gateway.put("model.bin", bytes(test));
    Path root = root(test);
    Path pod = Files.createSymbolicLink(shared.resolve("pod-of-" + root.getFileName()), root);

    Program.End end = load(pod, root);

    assertThat(end.status()).as(end.output()).isZero();
    assertThat(Files.getAttribute(model(root), "unix:nlink")).as(end.output()).isEqualTo(2);
  }

  @Test
  void loader_storeOnAnotherMount_stepsDownToTheProxyAndSaysWhy(TestInfo test) throws Exception {
    Path memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "no second mount");
    assumeFalse(Files.getFileStore(memory).equals(Files.getFileStore(shared)), "one mount");
    gateway.put("model.bin", bytes(test));
    Path root = Files.createTempDirectory(memory, "linked-load");
    try {
      Program.End end = load(root, root);

      assertThat(end.status()).as(end.output()).isZero();
      assertThat(model(root)).hasBinaryContent(bytes(test));
      assertThat(end.output())
          .contains("step-down: dfdaemon-link did not give model.bin")
          .contains("dfdaemon " + content.length);
    } finally {
      Program.run(List.of("rm", "-rf", root.toString()));
    }
  }

  @Test
  void loader_storeIsSpoilt_publishesTheRightBytesAllTheSame(TestInfo test) throws Exception {
    gateway.put("model.bin", bytes(test));
    Path root = root(test);
    assertThat(load(root, root).status()).isZero();
    spoil(model(root)); // It is the daemon's own file.
    Path second = Files.createDirectory(root.resolve("second"));

    Program.End end = load(second, second);

    assertThat(end.status()).as(end.output()).isZero();
    assertThat(model(second)).hasBinaryContent(bytes(test));
  }

  private static void spoil(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap("spoilt".getBytes(UTF_8)), 4_000);
    }
  }

  /** Other bytes for each test, so that each is a task of its own. */
  private byte[] bytes(TestInfo test) {
    byte[] bytes = content.clone();
    byte[] name = test.getTestMethod().orElseThrow().getName().getBytes(UTF_8);
    System.arraycopy(name, 0, bytes, 0, name.length);
    return bytes;
  }

  private Path root(TestInfo test) throws IOException {
    return Files.createDirectory(shared.resolve(test.getTestMethod().orElseThrow().getName()));
  }

  private static Path model(Path root) {
    return root.resolve("models--f--f/model.bin");
  }

  private Program.End load(Path root, Path seenByDaemon) throws Exception {
    Path token = Files.writeString(shared.resolve("token"), "t");
    return Program.run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            "io.llmaz.loader.Main"),
        Map.ofEntries(
            Map.entry("MODEL_SOURCE_TYPE", "modelhub"),
            Map.entry("MODEL_ID", "f/f"),
            Map.entry("HF_ENDPOINT", gateway.address()),
            Map.entry("LLMAZ_MODEL_ROOT", root.toString()),
            Map.entry("LLMAZ_TASK", "model-f"),
            Map.entry("LLMAZ_GATEWAY", gateway.address()),
            Map.entry("LLMAZ_GATEWAY_TOKEN_FILE", token.toString()),
            Map.entry("LLMAZ_NODE_IP", daemon.proxy().getAddress().getHostAddress()),
            Map.entry("LLMAZ_DFDAEMON_PROXY_PORT", Integer.toString(daemon.proxy().getPort())),
            Map.entry("LLMAZ_DFDAEMON_UPLOAD_PORT", Integer.toString(daemon.upload().getPort())),
            Map.entry("LLMAZ_DFDAEMON_SOCKET", daemon.socket().toString()),
            Map.entry("LLMAZ_DFDAEMON_MODEL_ROOT", seenByDaemon.toString())));
  }

  static String sha256(byte[] bytes) {
    ContentHasher hasher = ContentHasher.of(Digest.Algorithm.SHA256, bytes.length);
    hasher.update(bytes, 0, bytes.length);
    return hasher.digest().hex();
  }
}
