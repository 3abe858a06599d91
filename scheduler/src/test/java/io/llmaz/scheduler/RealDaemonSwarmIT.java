package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.dragonfly.TaskIds;
import io.llmaz.dragonfly.TestingSource;
import io.llmaz.parts.Dfdaemon;
import io.llmaz.parts.Tools;
import io.llmaz.source.ByteRange;
import io.llmaz.source.HttpFile;
import io.llmaz.source.OriginHttp;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Unmodified dfdaemons and dfget under our scheduler: the source is read once. */
@EnabledIf("io.llmaz.parts.Dfdaemon#installed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class RealDaemonSwarmIT {
  private static final int LENGTH = (9 << 20) + 17;

  /** Of so many pieces that two peers make a chain. */
  private static final int LONG = (80 << 20) + 1;

  @TempDir private static Path directory;
  private SchedulerServer scheduler;
  private TestingSource source;
  private Dfdaemon seed;
  private Dfdaemon one;
  private Dfdaemon two;
  private DfdaemonEngine engine;

  @BeforeAll
  void start() throws Exception {
    scheduler = SchedulerServer.start(SchedulerConfig.at(new InetSocketAddress("127.0.0.1", 0)));
    source = new TestingSource();
    seed = new Dfdaemon(directory, "seed-a", true, scheduler.port());
    one = new Dfdaemon(directory, "peer-1", false, scheduler.port());
    two = new Dfdaemon(directory, "peer-2", false, scheduler.port());
    engine =
        DfdaemonEngine.start(DfdaemonEngineConfig.of(List.of(address(seed)), Optional.empty()));
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(engine::available);
  }

  @AfterAll
  void stop() {
    engine.close();
    one.close();
    two.close();
    seed.close();
    source.close();
    scheduler.close();
  }

  @Test
  void fetch_seededFile_readsSourceOnce() throws Exception {
    URI url = source.publish("seeded.bin", LENGTH);
    long before = source.sent();
    Progress seeded =
        engine
            .distribute(new FileTask(url, "seeded", Map.of()), progress -> {})
            .get(20, TimeUnit.SECONDS);

    Path first = one.fetch(url + "?sig=one", "seeded", "seeded.bin");
    Path second = two.fetch(url + "?sig=two", "seeded", "seeded.bin");

    assertThat(seeded.lengthFromSource()).isEqualTo(LENGTH);
    assertThat(Files.readAllBytes(first)).isEqualTo(source.content("seeded.bin"));
    assertThat(Files.readAllBytes(second)).isEqualTo(source.content("seeded.bin"));
    assertThat(source.sent() - before).isEqualTo(LENGTH);
  }

  @Test
  void fetch_coldFileByTwoAtOnce_readsSourceOnce() throws Exception {
    URI url = source.publish("cold.bin", LENGTH + 1);
    long before = source.sent();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Path>> fetches =
          List.of(one, two).stream()
              .map(daemon ->
                  CompletableFuture.supplyAsync(() -> fetch(daemon, url, "cold"), threads))
              .toList();
      for (CompletableFuture<Path> fetch : fetches) {
        assertThat(Files.readAllBytes(fetch.get(30, TimeUnit.SECONDS)))
            .isEqualTo(source.content("cold.bin"));
      }
    }

    assertThat(source.sent() - before).isEqualTo(LENGTH + 1);
  }

  @Test
  void fetch_level1OrLevel2_dfgetSaysSoAndNobodyReadsTheSource() throws Exception {
    URI url = source.publish("low.bin", LENGTH + 4);
    long before = source.sent();

    for (String level : List.of("1", "2")) {
      assertThatThrownBy(() ->
              one.fetch(
                  url.toString(),
                  "low",
                  "low" + level,
                  "--priority",
                  level,
                  "--disable-back-to-source"))
          .hasMessageContaining("dfget failed");
    }

    assertThat(source.sent()).isEqualTo(before);
    assertThat(scheduler.taskTree(TaskIds.ofContent("low"))).isEmpty();
  }

  @Test
  void fetch_level2OfAFileThatSomebodyHas_isServed() throws Exception {
    URI url = source.publish("had.bin", LENGTH + 5);
    one.fetch(url.toString(), "had", "had.bin");
    long before = source.sent();

    Path file =
        two.fetch(url.toString(), "had", "had.bin", "--priority", "2", "--disable-back-to-source");

    assertThat(Files.readAllBytes(file)).isEqualTo(source.content("had.bin"));
    assertThat(source.sent()).isEqualTo(before);
  }

  @Test
  void fetch_level3_theNodeReadsTheSourceAndNoSeed() throws Exception {
    URI url = source.publish("own.bin", LENGTH + 6);
    long before = source.sent();

    one.fetch(url.toString(), "own", "own.bin", "--priority", "3");

    assertThat(source.sent() - before).isEqualTo(LENGTH + 6);
    assertThat(scheduler.taskTree(TaskIds.ofContent("own")).orElseThrow().peers())
        .noneMatch(TaskTree.Peer::seed);
  }

  @Test
  void proxy_rangeOfTheWholeFile_makesItsNodeAHolder() throws Exception {
    URI url = source.publish("whole.bin", LENGTH + 7);

    byte[] read = throughProxy(one, url, "whole", new ByteRange(0, LENGTH + 7));

    assertThat(read).isEqualTo(source.content("whole.bin"));
    assertThat(scheduler.taskTree(TaskIds.ofContent("whole")).orElseThrow().peers())
        .anyMatch(peer -> !peer.seed() && peer.state() == PeerState.COMPLETE);
  }

  @Test
  void proxy_rangeOfAPart_makesItsNodeNoHolder() throws Exception {
    URI url = source.publish("part.bin", LENGTH + 8);

    byte[] read = throughProxy(one, url, "part", new ByteRange(0, 8 << 20));

    assertThat(read).isEqualTo(Arrays.copyOf(source.content("part.bin"), 8 << 20));
    assertThat(scheduler.taskTree(TaskIds.ofContent("part")).orElseThrow().peers())
        .noneMatch(peer -> !peer.seed());
  }

  private byte[] throughProxy(Dfdaemon daemon, URI url, String key, ByteRange range)
      throws IOException {
    HttpFile file =
        HttpFile.throughDfdaemon(
            OriginHttp.throughDfdaemon(
                new InetSocketAddress("127.0.0.1", daemon.proxyPort()), "test"),
            url,
            key,
            key,
            source.content(key + ".bin").length);
    try (InputStream in = file.open(range)) {
      return in.readAllBytes();
    }
  }

  @Test
  @EnabledIf("dfcacheInstalled")
  void dfcache_anything_isToldThatItIsNotServed() throws Exception {
    Path file = Files.writeString(directory.resolve("import.txt"), "to be imported");
    List<String[]> commands =
        List.of(
            new String[] {"import", file.toString(), "--no-progress"},
            new String[] {"stat", TaskIds.ofContent("nothing")},
            new String[] {
              "export", TaskIds.ofContent("nothing"), "--output", directory + "/export.txt"
            });

    for (String[] command : commands) {
      assertThatThrownBy(() -> one.dfcache(command))
          .hasMessageContaining("dfcache failed")
          .hasMessageContaining("not implemented");
    }
  }

  static boolean dfcacheInstalled() {
    return Tools.installed("dfcache");
  }

  @Test
  void fetch_middleOfTheChainDies_itsChildGoesOnAndTheSourceIsReadOnce() throws Exception {
    URI url = source.publish("chained.bin", LONG);
    long before = source.sent();
    source.holdAfter(1); // Who has a piece gets a child.
    try (Dfdaemon middle = new Dfdaemon(directory, "peer-3", false, scheduler.port());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var _ = CompletableFuture.supplyAsync(() -> fetch(middle, url, "chained"), threads);
      String task = awaitPeers("chained", 2);
      CompletableFuture<Path> end =
          CompletableFuture.supplyAsync(() -> fetch(two, url, "chained"), threads);
      awaitPeers("chained", 3);
      assertThat(depthOf("peer-2", task)).as("seed, middle, end").isEqualTo(2);

      middle.kill();
      source.release();

      assertThat(Files.readAllBytes(end.get(30, TimeUnit.SECONDS)))
          .isEqualTo(source.content("chained.bin"));
      assertThat(source.sent() - before).isEqualTo(LONG);
    } finally {
      source.release();
    }
  }

  @Test
  @Order(Integer.MAX_VALUE - 1) // Seed b is lost here, seed a in the last test.
  void fetch_seedDiesWhileReadingTheSource_isTakenOver() throws Exception {
    String name = "broken.bin";
    URI url = source.publish(name, LENGTH + 3);
    Dfdaemon broken = new Dfdaemon(directory, "seed-b", true, scheduler.port());
    try (broken;
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        DfdaemonEngine reader =
            DfdaemonEngine.start(
                DfdaemonEngineConfig.of(List.of(address(broken)), Optional.empty()))) {
      source.hold();
      CountDownLatch reading = new CountDownLatch(1);
      CompletableFuture<Progress> lost =
          reader.distribute(new FileTask(url, "broken", Map.of()), progress -> reading.countDown());
      assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<Path> fetch =
          CompletableFuture.supplyAsync(() -> fetch(one, url, "broken"), threads);

      broken.kill();
      source.release();

      assertThat(Files.readAllBytes(fetch.get(30, TimeUnit.SECONDS)))
          .isEqualTo(source.content(name));
      assertThat(lost).failsWithin(Duration.ofSeconds(5));
    } finally {
      source.release();
    }
  }

  @Test
  @Order(Integer.MAX_VALUE) // It loses the seed.
  void fetch_seedDied_comesFromTheOtherHolder() throws Exception {
    URI url = source.publish("kept.bin", LENGTH + 2);
    var _ =
        engine
            .distribute(new FileTask(url, "kept", Map.of()), progress -> {})
            .get(20, TimeUnit.SECONDS);
    Path first = one.fetch(url.toString(), "kept", "kept.bin");
    long before = source.sent();

    seed.kill();
    Path second = two.fetch(url.toString(), "kept", "kept.bin");

    assertThat(Files.mismatch(first, second)).isEqualTo(-1);
    assertThat(source.sent()).isEqualTo(before);
  }

  /** Waits until so many peers of the file have a place; the task's id. */
  private String awaitPeers(String contentKey, int count) {
    String task = TaskIds.ofContent(contentKey);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            scheduler.taskTree(task).stream()
                    .flatMap(tree -> tree.peers().stream())
                    .filter(peer -> peer.state() != PeerState.WAITING)
                    .count()
                == count);
    return task;
  }

  private int depthOf(String hostname, String task) {
    List<TaskTree.Peer> peers = scheduler.taskTree(task).orElseThrow().peers();
    Optional<String> at =
        peers.stream()
            .filter(peer -> peer.host().startsWith(hostname + " "))
            .findAny()
            .orElseThrow()
            .parent();
    int depth = 0;
    while (at.isPresent()) {
      String id = at.get();
      depth++;
      at = peers.stream().filter(peer -> peer.id().equals(id)).findAny().orElseThrow().parent();
    }
    return depth;
  }

  private static SeedAddress address(Dfdaemon daemon) {
    return new SeedAddress("127.0.0.1", daemon.uploadPort());
  }

  private static Path fetch(Dfdaemon daemon, URI url, String key) {
    try {
      return daemon.fetch(url.toString(), key, key + ".bin");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
