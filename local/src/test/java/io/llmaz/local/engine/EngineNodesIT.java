package io.llmaz.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmaz.dragonfly.TaskIds;
import io.llmaz.local.engine.store.StoredTask;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes, a scheduler and a source over loopback. */
@Timeout(30)
final class EngineNodesIT {
  private static final String KEY = "X-Dragonfly-Content-For-Calculating-Task-ID";
  private static final int SIZE = TestingCluster.PIECE * 40 + 123;

  @TempDir Path directory;
  private TestingCluster cluster;
  private ExecutorService threads;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestingCluster(directory);
    threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  @AfterEach
  void stop() {
    cluster.close();
    threads.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void get_ofOneFileOnManyNodesAtOnce_readsTheSourceOnce(int peers) throws Exception {
    byte[] content = TestingOrigin.random(SIZE, peers);
    String url = cluster.origin.put("/file", content);
    EngineNode seed = cluster.seed();
    List<Future<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < peers; i++) {
      EngineNode peer = cluster.peer("peer-" + i);
      answers.add(threads.submit(() -> cluster.get(peer, url, KEY, "key")));
    }
    for (Future<HttpResponse<byte[]>> answer : answers) {
      assertThat(answer.get().statusCode()).isEqualTo(200);
      assertThat(answer.get().body()).isEqualTo(content);
    }
    assertThat(cluster.origin.contentBytes()).isEqualTo(SIZE);
    assertThat(seed.traffic().bytesFromSource()).isEqualTo(SIZE);
    assertThat(cluster.nodes.subList(1, peers + 1))
        .allSatisfy(peer -> assertThat(peer.traffic().bytesFromPeers()).isEqualTo(SIZE));
  }

  @Test
  void get_whileTheSourceIsSlow_givesFirstPiecesBeforeTheSeedHasTheLast() throws Exception {
    byte[] content = TestingOrigin.random(SIZE, 5);
    String url = cluster.origin.put("/file", content);
    cluster.origin.pause(100);
    EngineNode seed = cluster.seed();
    EngineNode peer = cluster.peer("peer");
    Future<HttpResponse<byte[]>> whole = threads.submit(() -> cluster.get(peer, url, KEY, "key"));
    HttpResponse<byte[]> start = cluster.get(peer, url, KEY, "key", "Range", "bytes=0-99");
    assertThat(start.statusCode()).isEqualTo(206);
    assertThat(task(seed, "key").complete()).isFalse();
    assertThat(whole.get().body()).isEqualTo(content);
    assertThat(cluster.origin.contentBytes()).isEqualTo(SIZE);
  }

  @Test
  void get_ofTheSameTaskManyTimesAtOnce_joinsOneTransfer() throws Exception {
    byte[] content = TestingOrigin.random(SIZE, 6);
    String url = cluster.origin.put("/file", content);
    EngineNode peer = cluster.peer("peer");
    List<Future<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(threads.submit(() -> cluster.get(peer, url, KEY, "key")));
    }
    for (Future<HttpResponse<byte[]>> answer : answers) {
      assertThat(answer.get().body()).isEqualTo(content);
    }
    assertThat(cluster.origin.contentBytes()).isEqualTo(SIZE);
  }

  @Test
  void get_afterBytesFlippedInTheStore_fetchesTheGoodPieceAgain() throws Exception {
    byte[] content = TestingOrigin.random(SIZE, 7);
    String url = cluster.origin.put("/file", content);
    cluster.seed();
    EngineNode peer = cluster.peer("peer");
    cluster.get(peer, url, KEY, "key");
    flip(task(peer, "key"), TestingCluster.PIECE * 3L + 17);
    HttpResponse<byte[]> again = cluster.get(peer, url, KEY, "key");
    assertThat(again.body()).isEqualTo(content);
    assertThat(peer.traffic().corruptedPieces()).isEqualTo(1);
    assertThat(peer.traffic().refetchedPieces()).isEqualTo(1);
    assertThat(cluster.origin.contentBytes()).isEqualTo(SIZE);
  }

  @Test
  void get_fromAParentWithFlippedBytes_getsTheGoodBytes() throws Exception {
    byte[] content = TestingOrigin.random(SIZE, 8);
    String url = cluster.origin.put("/file", content);
    EngineNode seed = cluster.seed();
    cluster.get(seed, url, KEY, "key");
    flip(task(seed, "key"), TestingCluster.PIECE * 30L);
    EngineNode peer = cluster.peer("peer");
    assertThat(cluster.get(peer, url, KEY, "key").body()).isEqualTo(content);
    assertThat(seed.traffic().corruptedPieces()).isEqualTo(1);
    assertThat(cluster.origin.contentBytes()).isEqualTo(SIZE + TestingCluster.PIECE);
  }

  @Test
  void get_fromAPeerWithFlippedBytes_getsTheGoodBytesFromPeers() throws Exception {
    byte[] content = TestingOrigin.random(SIZE, 14);
    String url = cluster.origin.put("/file", content);
    cluster.seed();
    EngineNode corrupt = cluster.peer("corrupt");
    assertThat(cluster.get(corrupt, url, KEY, "key").body()).isEqualTo(content);
    flip(task(corrupt, "key"), TestingCluster.PIECE * 20L);
    EngineNode peer = cluster.peer("peer");
    assertThat(cluster.get(peer, url, KEY, "key").body()).isEqualTo(content);
    assertThat(corrupt.traffic().corruptedPieces()).isEqualTo(1);
    await().until(() -> task(corrupt, "key").complete());
    assertThat(cluster.origin.contentBytes()).isEqualTo(SIZE);
  }

  @Test
  void get_whenTheParentIsKilledInMidTransfer_completes() throws Exception {
    byte[] content = TestingOrigin.random(SIZE, 9);
    String url = cluster.origin.put("/file", content);
    cluster.origin.pause(30);
    EngineNode seed = cluster.seed();
    EngineNode peer = cluster.peer("peer");
    Future<HttpResponse<byte[]>> answer = threads.submit(() -> cluster.get(peer, url, KEY, "key"));
    await()
        .until(() ->
            peer.store()
                .find(TaskIds.ofContent("key"))
                .filter(task -> task.storedBytes() > 0)
                .isPresent());
    seed.kill();
    assertThat(answer.get().body()).isEqualTo(content);
  }

  @Test
  void start_onAStoreOfAKilledNode_keepsWhatWasThere() throws Exception {
    byte[] content = TestingOrigin.random(SIZE, 10);
    String url = cluster.origin.put("/file", content);
    EngineNode first = cluster.peer("peer");
    cluster.get(first, url, KEY, "key");
    first.kill();
    EngineNode second = cluster.peer("peer");
    HttpResponse<byte[]> again = cluster.get(second, url, KEY, "key");
    assertThat(again.body()).isEqualTo(content);
    assertThat(again.headers().firstValue("X-Dragonfly-Task-Download-Finished")).hasValue("true");
    assertThat(cluster.origin.contentBytes()).isEqualTo(SIZE);
  }

  @Test
  void get_ofAnEmptyFile_isEmpty() throws Exception {
    String url = cluster.origin.put("/empty", new byte[0]);
    EngineNode peer = cluster.peer("peer");
    HttpResponse<byte[]> answer = cluster.get(peer, url, KEY, "key");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void get_ofAThousandSmallFiles_readsEachOnce() throws Exception {
    EngineNode seed = cluster.seed();
    EngineNode peer = cluster.peer("peer");
    List<Future<HttpResponse<byte[]>>> answers = new ArrayList<>();
    ExecutorService few = Executors.newFixedThreadPool(8);
    try {
      for (int i = 0; i < 1000; i++) {
        String name = "/small-" + i;
        String url = cluster.origin.put(name, TestingOrigin.random(100, i));
        answers.add(few.submit(() -> cluster.get(peer, url, KEY, name)));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get().body()).isEqualTo(TestingOrigin.random(100, i));
      }
    } finally {
      few.shutdownNow();
    }
    assertThat(cluster.origin.contentBytes()).isEqualTo(100_000);
    assertThat(seed.traffic().bytesFromSource()).isEqualTo(100_000);
  }

  @Test
  void get_ofMoreThanTheStoreHolds_saysSoAndLeavesNothing() throws Exception {
    String url = cluster.origin.put("/file", TestingOrigin.random(SIZE, 11));
    EngineNode peer = cluster.start("peer", config -> config.withStoreLimit(SIZE - 1));
    HttpResponse<byte[]> answer = cluster.get(peer, url, KEY, "key");
    assertThat(answer.statusCode()).isEqualTo(507);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .contains("no room for " + SIZE + " bytes");
    assertThat(peer.store().list()).isEmpty();
  }

  @Test
  void get_whenTheSchedulerIsAway_readsTheSource() throws Exception {
    byte[] content = TestingOrigin.random(SIZE, 12);
    String url = cluster.origin.put("/file", content);
    EngineNode peer = cluster.peer("peer");
    cluster.scheduler.close();
    assertThat(cluster.get(peer, url, KEY, "key").body()).isEqualTo(content);
  }

  @Test
  void get_whenTheSourceRefuses_passesItsStatusOn() throws Exception {
    String url = cluster.origin.put("/file", new byte[10]);
    cluster.origin.fail("/file", 401);
    EngineNode peer = cluster.peer("peer");
    HttpResponse<byte[]> answer = cluster.get(peer, url, KEY, "key");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("X-Dragonfly-Error-Type")).hasValue("backend");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
  }

  @Test
  void get_fromASourceWithoutRanges_readsItOnce() throws Exception {
    byte[] content = TestingOrigin.random(SIZE, 13);
    cluster.origin.withoutRanges();
    String url = cluster.origin.put("/file", content);
    EngineNode peer = cluster.peer("peer");
    assertThat(cluster.get(peer, url, KEY, "key").body()).isEqualTo(content);
  }

  @Test
  void close_ofARunningNode_endsItsThreads() throws Exception {
    EngineNode peer = cluster.peer("leaving");
    peer.close();
    await()
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("engine-leaving")));
  }

  private static StoredTask task(EngineNode node, String key) {
    return node.store().find(TaskIds.ofContent(key)).orElseThrow();
  }

  private static void flip(StoredTask task, long position) throws Exception {
    try (FileChannel file =
        FileChannel.open(task.contentFile(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, position);
      one.put(0, (byte) ~one.get(0)).flip();
      file.write(one, position);
    }
  }
}
