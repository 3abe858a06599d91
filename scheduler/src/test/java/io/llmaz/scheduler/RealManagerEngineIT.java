package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException;
import io.llmaz.dragonfly.EngineException.Reason;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.ManagerEngine;
import io.llmaz.dragonfly.ManagerEngineConfig;
import io.llmaz.dragonfly.TestingSource;
import io.llmaz.parts.Dfdaemon;
import io.llmaz.parts.DragonflyManager;
import io.llmaz.parts.DragonflyScheduler;
import io.llmaz.source.Digest;
import io.llmaz.source.ManifestFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The driver of the open API against Dragonfly's own manager, scheduler and daemons. The manager
 * looks at a job after half a minute and after one and a half, so all jobs are begun first and the
 * tests wait for theirs.
 */
@EnabledIf("installed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealManagerEngineIT {
  private static final int PATIENCE_SECONDS = 200;

  /** More than a file that nodes read from its source by themselves. */
  private static final int SIZE = 5 << 20;

  private DragonflyManager manager;
  private DragonflyScheduler scheduler;
  private TestingSource source;
  private Dfdaemon seed;
  private Dfdaemon node;
  private Path directory;
  private ManagerEngine engine;

  private CompletableFuture<Long> sentForAgain;
  private final CompletableFuture<Progress> begun = new CompletableFuture<>();
  private CompletableFuture<Progress> slow;
  private CompletableFuture<Progress> missing;
  private CompletableFuture<List<Optional<Progress>>> life;
  private long sentToNode;
  private Path fetched;

  static boolean installed() {
    return DragonflyManager.installed() && DragonflyScheduler.installed() && Dfdaemon.installed();
  }

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    directory = temporary;
    manager = new DragonflyManager(directory);
    scheduler = DragonflyScheduler.managed(directory, manager);
    source = new TestingSource();
    seed = new Dfdaemon(directory, "seed-a", true, scheduler.port());
    node = new Dfdaemon(directory, "node-b", false, scheduler.port());
    engine = engine(DragonflyManager.TOKEN);

    awaitSeed();
    FileTask one = publish("a1", "sig=1");
    FileTask other = publish("b2", "sig=1");
    CompletableFuture<Progress> first = engine.distribute(one, progress -> {});
    var _ = await(engine.distribute(other, progress -> {}));
    Progress unusedToo = await(first);

    long before = source.sent();
    fetched = node.fetch(link("b2", "sig=2").toString(), key(other), "of-the-node");
    sentToNode = source.sent() - before;
    long beforeAgain = source.sent();
    sentForAgain =
        engine
            .distribute(new FileTask(link("b2", "sig=3"), key(other), Map.of()), p -> {})
            .thenApply(whole -> source.sent() - beforeAgain);
    life =
        CompletableFuture.supplyAsync(() -> {
          Optional<Progress> there = engine.stat(one.taskId());
          engine.delete(one.taskId());
          return List.of(there, engine.stat(one.taskId()));
        });
    missing = engine.distribute(task("404", "sig=a-secret"), progress -> {});
    source.hold();
    slow = engine.distribute(publish("c3", "sig=1"), begun::complete);
    CompletableFuture<Void> unusedThree =
        begun.thenAcceptBoth(sentForAgain, (progress, sent) -> source.release());
  }

  /** The scheduler looks for seeds each half minute; until then jobs fail for want of one. */
  private void awaitSeed() throws Exception {
    for (int attempt = 0; ; attempt++) {
      try {
        var _ = await(engine.distribute(publish("d" + attempt, "sig=1"), p -> {}));
        return;
      } catch (ExecutionException e) {
        if (attempt == 3
            || !(e.getCause() instanceof EngineException failure)
            || failure.reason() != Reason.UNAVAILABLE) {
          throw e;
        }
      }
    }
  }

  @AfterAll
  void stop() throws IOException {
    engine.close();
    node.close();
    seed.close();
    source.close();
    scheduler.close();
    manager.close();
  }

  @Test
  void distribute_newFile_nodeFindsItUnderTheSameIdAndReadsNothingFromTheSource()
      throws IOException {
    assertThat(fetched).hasBinaryContent(source.content(path("b2").substring(1)));
    assertThat(sentToNode).isZero();
  }

  @Test
  void distribute_sameBytesUnderAnotherLink_readsNothingFromTheSource() throws Exception {
    assertThat(await(sentForAgain)).isZero();
  }

  @Test
  void distribute_slowSource_isToldAsBegunAndThenAsWhole() throws Exception {
    Progress first = await(begun);
    assertThat(first.complete()).isFalse();
    assertThat(await(slow)).matches(Progress::complete);
  }

  @Test
  void distribute_sourceHasNot_failsWithItsStatusAndWithoutTheLinksSecrets() {
    assertThatThrownBy(() -> await(missing))
        .cause()
        .isInstanceOfSatisfying(
            EngineException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.SOURCE_FAILED);
              assertThat(failure.sourceStatus()).hasValue(404);
              assertThat(failure.getMessage()).doesNotContain("a-secret");
            });
  }

  @Test
  void delete_seededFile_isThereBeforeAndGoneAfterwards() throws Exception {
    List<Optional<Progress>> answers = await(life);

    assertThat(answers.getFirst())
        .hasValueSatisfying(progress -> assertThat(progress.complete()).isTrue());
    assertThat(answers.getLast()).isEmpty();
  }

  @Test
  void distribute_unknownToken_isRefused() throws Exception {
    try (ManagerEngine stranger = engine("nobody-knows-this")) {
      assertThat(stranger.available()).isFalse();
      assertThatThrownBy(() -> await(stranger.distribute(task("a1", "sig=1"), p -> {})))
          .cause()
          .isInstanceOfSatisfying(
              EngineException.class,
              failure -> {
                assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
                assertThat(failure.getMessage()).contains("401").doesNotContain("nobody");
              });
    }
  }

  @Test
  void available_managerTakesTheToken_isTrue() {
    assertThat(engine.available()).isTrue();
  }

  private ManagerEngine engine(String token) throws IOException {
    return ManagerEngine.start(
        ManagerEngineConfig.of(
            manager.address(),
            Files.writeString(directory.resolve(token), token),
            Optional.empty(),
            List.of(),
            URI.create("http://" + source.address("").getAuthority())));
  }

  private FileTask publish(String name, String query) {
    var _ = source.publish(path(name).substring(1), SIZE);
    return task(name, query);
  }

  private FileTask task(String name, String query) {
    return new FileTask(link(name, query), engine.keys().of(file(name)), Map.of());
  }

  private URI link(String name, String query) {
    return source.address(path(name).substring(1) + "?" + query);
  }

  private static String path(String name) {
    return file(name).blobPath();
  }

  private static ManifestFile file(String name) {
    return ManifestFile.verified(
        name, SIZE, Digest.sha256("%064x".formatted(name.hashCode() & 0xffff)));
  }

  private static String key(FileTask task) {
    return Objects.requireNonNull(task.contentKey());
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
