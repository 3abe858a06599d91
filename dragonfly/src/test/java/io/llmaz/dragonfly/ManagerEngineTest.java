package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException.Reason;
import io.llmaz.source.Digest;
import io.llmaz.source.ManifestFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver of the manager's open API, on exchanges recorded from the real manager. */
final class ManagerEngineTest {
  private static final int PATIENCE_SECONDS = 20;
  private static final URI GATEWAY = URI.create("http://gateway:8088");
  private static final ManifestFile FILE =
      ManifestFile.verified("weights", 9, Digest.sha256("ab".repeat(32)));
  private static final URI LINK =
      URI.create(GATEWAY + FILE.blobPath() + "?task=model-m&path=weights&exp=1&sig=signature");
  private static final FileTask TASK =
      new FileTask(LINK, TaskKeys.ofAddresses(GATEWAY).of(FILE), Map.of());

  private TestingManager manager;
  private Path tokenFile;
  private ManagerEngine engine;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    manager = new TestingManager();
    tokenFile = Files.writeString(directory.resolve("token"), TestingManager.TOKEN + "\n");
    engine = ManagerEngine.start(config(Duration.ofSeconds(10), Duration.ofMinutes(1)));
  }

  @AfterEach
  void stop() {
    engine.close();
    manager.close();
    assertThat(manager.complaints).as("what the real one would not take").isEmpty();
  }

  private ManagerEngineConfig config(Duration callDeadline, Duration stale) {
    return new ManagerEngineConfig(
        manager.address(),
        tokenFile,
        Optional.empty(),
        List.of(1L),
        GATEWAY,
        callDeadline,
        Duration.ofMillis(1),
        Duration.ofMillis(1),
        stale);
  }

  @Test
  void distribute_seedTakesIt_isWholeWithoutAWordOfBytes() throws Exception {
    manager.nextJob("pending", "pending", "done");
    List<Progress> heard = new CopyOnWriteArrayList<>();

    Progress whole = await(engine.distribute(TASK, heard::add));

    assertThat(whole).isEqualTo(new Progress(TASK.taskId(), Progress.UNKNOWN, Progress.UNKNOWN, 0));
    assertThat(whole.complete()).isTrue();
    assertThat(heard).containsExactly(whole);
  }

  @Test
  void distribute_file_isAskedForByItsAddressAndNamedByItsContent() throws Exception {
    var _ = await(engine.distribute(TASK, progress -> {}));

    JsonNode request = manager.created.getFirst();
    assertThat(request.path("scheduler_cluster_ids").path(0).asLong()).isEqualTo(1);
    JsonNode arguments = request.path("args");
    assertThat(arguments.path("type").asText()).isEqualTo("file");
    assertThat(arguments.path("url").asText()).isEqualTo(LINK.toString());
    assertThat(arguments.path("tag").asText()).isEqualTo(FILE.contentKey());
    assertThat(arguments.path("filtered_query_params").asText()).isEqualTo("task&path&exp&sig");
    assertThat(arguments.path("scope").asText()).isEqualTo("single_seed_peer");
  }

  @Test
  void distribute_seedAtWork_isToldOnceAsBegun() throws Exception {
    manager.nextJob("pending", "started", "started", "done");
    List<Progress> heard = new CopyOnWriteArrayList<>();

    Progress whole = await(engine.distribute(TASK, heard::add));

    assertThat(heard).containsExactly(new Progress(TASK.taskId(), Progress.UNKNOWN, 0, 0), whole);
    assertThat(heard.getFirst().complete()).isFalse();
  }

  @Test
  void distribute_sourceHasNot_isAskedAgainForTheReason() {
    manager.nextJob("pending", "done-by-nobody");
    manager.nextJob("pending", "failed-at-the-source");

    EngineException failure = failure(engine.distribute(TASK, progress -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.SOURCE_FAILED);
    assertThat(failure.sourceStatus()).hasValue(404);
    assertThat(failure).hasMessageContaining("backend error: 404 Not Found");
    assertThat(manager.created.getLast().path("args").path("scope").asText())
        .isEqualTo("all_seed_peers");
    assertThat(manager.created.getLast().path("args").path("count").asInt()).isEqualTo(1);
  }

  @Test
  void distribute_chosenSeedFailsAndAnotherDoesIt_isWhole() throws Exception {
    manager.nextJob("done-by-nobody");
    manager.nextJob("done");

    assertThat(await(engine.distribute(TASK, progress -> {}))).matches(Progress::complete);
  }

  @Test
  void distribute_noSeed_isUnavailable() {
    manager.nextJob("pending", "failed-without-a-seed");

    EngineException failure = failure(engine.distribute(TASK, progress -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("no available seed peer");
    assertThat(manager.created).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abandoned", "gone"})
  void distribute_managerLosesSightOfTheJob_createsItAgain(String look) throws Exception {
    manager.nextJob("pending", look);
    manager.nextJob("pending", "done");

    assertThat(await(engine.distribute(TASK, progress -> {}))).matches(Progress::complete);
    assertThat(manager.created).hasSize(2);
  }

  @Test
  void distribute_managerLosesSightAgainAndAgain_fails() {
    for (int i = 0; i < 20; i++) {
      manager.nextJob("gone");
    }

    assertThat(failure(engine.distribute(TASK, progress -> {})).reason())
        .isEqualTo(Reason.UNAVAILABLE);
    assertThat(manager.created).hasSize(11);
  }

  @Test
  void distribute_managerStartedAgain_noticesThatNobodyLooks() throws Exception {
    manager.forgetJobs();
    manager.nextJob("pending");
    manager.nextJob("done");
    try (ManagerEngine impatient =
        ManagerEngine.start(config(Duration.ofSeconds(10), Duration.ofMillis(20)))) {
      assertThat(await(impatient.distribute(TASK, progress -> {}))).matches(Progress::complete);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | {\"message\":\"candidate schedulers not found\"}",
        "502 | <html>Bad Gateway</html>",
        "429 | rate limit exceeded",
        "200 | {\"id\":",
        "200 | OK"
      })
  void distribute_managerInTroubleForAMoment_goesOn(int status, String body) throws Exception {
    manager.nextAnswer(status, body);
    manager.nextAnswer(status, body);

    assertThat(await(engine.distribute(TASK, progress -> {}))).matches(Progress::complete);
    assertThat(manager.created).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | {\"message\":\"candidate schedulers not found\"} | UNAVAILABLE | candidate schedulers not found",
        "200 | {\"id\": | UNAVAILABLE | no JSON",
        "200 | {\"state\":\"SUCCESS\"} | FAILED | no job",
        "401 | {\"message\":\"Unauthorized\"} | REFUSED | does not take our token: 401, Unauthorized",
        "403 | {\"message\":\"Token has expired\"} | REFUSED | Token has expired",
        "404 | {\"message\":\"record not found\"} | REFUSED | no such scheduler cluster: [1]",
        "301 | <a href='/'>Moved Permanently</a>. | REFUSED | no open API there",
        "422 | {\"errors\":\"Unknow type\"} | REFUSED | 422, Unknow type",
      })
  void distribute_managerDoesNotTakeIt_saysWhy(
      int status, String body, Reason reason, String message) {
    for (int i = 0; i < 4; i++) {
      manager.nextAnswer(status, body);
    }

    EngineException failure = failure(engine.distribute(TASK, progress -> {}));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure).hasMessageContaining(message);
    assertThat(manager.requests).hasValue(reason == Reason.UNAVAILABLE ? 4 : 1);
  }

  @Test
  void distribute_managerLimitsUs_waitsLongerThanForOneThatIsAway() throws Exception {
    for (int i = 0; i < 6; i++) {
      manager.nextAnswer(429, "rate limit exceeded");
    }

    assertThat(await(engine.distribute(TASK, progress -> {}))).matches(Progress::complete);
  }

  @Test
  void distribute_managerLimitsUsForEver_isUnavailable() {
    for (int i = 0; i < 120; i++) {
      manager.nextAnswer(429, "rate limit exceeded");
    }
    try (ManagerEngine impatient =
        ManagerEngine.start(config(Duration.ofSeconds(10), Duration.ofMinutes(1)))) {
      EngineException failure = failure(impatient.distribute(TASK, progress -> {}));

      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("limits us");
    }
  }

  @Test
  void distribute_managerAway_saysSo() {
    manager.close();

    EngineException failure = failure(engine.distribute(TASK, progress -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("the manager at " + manager.address());
  }

  @Test
  void distribute_managerSilent_isGivenUp() {
    manager.silence();
    try (ManagerEngine impatient =
        ManagerEngine.start(config(Duration.ofMillis(50), Duration.ofMinutes(1)))) {
      EngineException failure = failure(impatient.distribute(TASK, progress -> {}));

      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("silent");
    }
  }

  @Test
  void distribute_wrongToken_isRefusedAndToldNowhere() throws Exception {
    Files.writeString(tokenFile, "another-secret");

    EngineException failure = failure(engine.distribute(TASK, progress -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertThat(cause.toString()).doesNotContain("another-secret");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two words", "line\nbreak"})
  void distribute_noToken_isRefusedWithoutItsText(String text) throws Exception {
    Files.writeString(tokenFile, text);

    EngineException failure = failure(engine.distribute(TASK, progress -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure).hasMessage("there is no token in " + tokenFile).hasNoCause();
    assertThat(manager.requests).hasValue(0);
  }

  @Test
  void distribute_tokenIsRenewed_takesTheNewOne() throws Exception {
    Files.delete(tokenFile);
    assertThat(failure(engine.distribute(TASK, progress -> {}))).hasMessageContaining("token");

    Files.writeString(tokenFile, TestingManager.TOKEN);

    assertThat(await(engine.distribute(TASK, progress -> {}))).matches(Progress::complete);
  }

  @Test
  void distribute_imageBlob_isRefused() {
    URI blob = URI.create(GATEWAY + "/v2/image-x/blobs/sha256:" + "ab".repeat(32) + "?sig=s");

    EngineException failure =
        failure(engine.distribute(new FileTask(blob, null, Map.of()), progress -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure).hasMessageContaining("image");
    assertThat(manager.created).isEmpty();
  }

  @Test
  void distribute_linkOfAnotherGateway_isRefusedAndNotSeededInVain() {
    FileTask elsewhere =
        new FileTask(URI.create("http://other/v1/blobs/x?sig=s"), TASK.contentKey(), Map.of());

    EngineException failure = failure(engine.distribute(elsewhere, progress -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure).hasMessageContaining("p2p.gateway");
  }

  @Test
  void distribute_twiceAtOnce_isOneJob() throws Exception {
    manager.nextJob("pending", "pending", "pending", "done");
    CompletableFuture<Progress> one = engine.distribute(TASK, progress -> {});
    CompletableFuture<Progress> two = engine.distribute(TASK, progress -> {});

    assertThat(await(one)).isEqualTo(await(two));
    assertThat(manager.created).hasSize(1);
  }

  @Test
  void distribute_cancelled_asksNoMore() {
    manager.nextJob("pending");
    CompletableFuture<Progress> future = engine.distribute(TASK, progress -> {});
    Awaitility.await().until(() -> manager.requests.get() > 3);

    assertThat(future.cancel(true)).isTrue();

    manager.silence();
    int requests = manager.requests.get();
    Awaitility.await()
        .during(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .until(() -> manager.requests.get() <= requests + 1);
  }

  @Test
  void close_jobUnderWay_isCancelled() {
    manager.nextJob("pending");
    CompletableFuture<Progress> future = engine.distribute(TASK, progress -> {});
    Awaitility.await().until(() -> manager.requests.get() > 3);

    engine.close();

    assertThat(failure(future).reason()).isEqualTo(Reason.CANCELLED);
  }

  @Test
  void stat_seedHasIt_isWhole() {
    manager.nextJob("pending", "task");

    assertThat(engine.stat(TASK.taskId()))
        .hasValueSatisfying(progress -> assertThat(progress.complete()).isTrue());
    assertThat(manager.created.getFirst().path("args").path("task_id").asText())
        .isEqualTo(TASK.taskId());
  }

  @Test
  void stat_nobodyHasIt_isEmpty() {
    manager.nextJob("pending", "task-unknown");

    assertThat(engine.stat(TASK.taskId())).isEmpty();
  }

  @Test
  void delete_task_isAJobOfThatType() {
    manager.nextJob("pending", "task-deleted");

    engine.delete(TASK.taskId());

    assertThat(manager.created.getFirst().path("type").asText()).isEqualTo("delete_task");
  }

  @Test
  void delete_schedulerCannot_fails() {
    manager.nextJob("failed-without-a-seed");

    assertThatThrownBy(() -> engine.delete(TASK.taskId())).isInstanceOf(EngineException.class);
  }

  @Test
  void available_managerTakesTheToken_isTrue() throws Exception {
    assertThat(engine.available()).isTrue();

    Files.writeString(tokenFile, "another");

    assertThat(engine.available()).isFalse();
  }

  private static Progress await(CompletableFuture<Progress> future) throws Exception {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static EngineException failure(CompletableFuture<Progress> future) {
    try {
      throw new AssertionError("no failure but " + await(future));
    } catch (ExecutionException e) {
      return (EngineException) Objects.requireNonNull(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
