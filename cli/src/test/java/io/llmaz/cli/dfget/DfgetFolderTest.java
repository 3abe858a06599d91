package io.llmaz.cli.dfget;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.dfdaemon.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code llmaz dfget} does with folders, whatever the source is. */
@Timeout(30)
final class DfgetFolderTest {
  private static final String REPOSITORY = "hf://owner/repo/";

  @TempDir Path directory;
  private Path output = Path.of("");
  private TestingDaemon daemon;

  @BeforeEach
  void start() throws IOException {
    output = Files.createDirectory(directory.resolve("output"));
    daemon = new TestingDaemon(directory);
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  @Test
  void dfget_recursive_putsEveryFileAtItsPath() {
    daemon.hasFiles(REPOSITORY + "config.json", REPOSITORY + "a%20b/model.bin");

    DfgetRun run = dfget("hf://owner/repo", "-r");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(output.resolve("config.json")).hasContent(REPOSITORY + "config.json");
    assertThat(output.resolve("a b/model.bin")).hasContent(REPOSITORY + "a%20b/model.bin");
  }

  @Test
  void dfget_slashAtTheEnd_isAFolder() {
    DfgetRun run = dfget(REPOSITORY);

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(daemon.listed).extracting(request -> request.getUrl()).containsExactly(REPOSITORY);
  }

  @Test
  void dfget_emptyFolders_areMade() {
    daemon.entries =
        List.of(Entry.newBuilder().setUrl("s3://bucket/x/empty/").setIsDir(true).build());

    assertThat(dfget("s3://bucket/x/").exit()).isZero();

    assertThat(output.resolve("empty")).isEmptyDirectory();
  }

  @Test
  void dfget_entryOutsideTheFolder_failsBeforeAnyDownload() {
    daemon.hasFiles(REPOSITORY + "config.json", REPOSITORY + "%2e%2e/evil");

    DfgetRun run = dfget(REPOSITORY);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("unsafe name", "%2e%2e/evil");
    assertThat(daemon.downloads).isEmpty();
    assertThat(directory.resolve("evil")).doesNotExist();
  }

  @Test
  void dfget_moreFilesThanAllowed_failsSayingHowMany() {
    daemon.hasFiles(REPOSITORY + "a", REPOSITORY + "b", REPOSITORY + "c");

    DfgetRun run = dfget(REPOSITORY, "--max-files", "2");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("has 3 files, more than --max-files 2");
    assertThat(daemon.downloads).isEmpty();
  }

  @Test
  void dfget_maxConcurrentRequests_isHowManyRunAtOnce() {
    daemon.hasFiles(IntStream.range(0, 6).mapToObj(i -> REPOSITORY + i).toArray(String[]::new));
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier pairs = new CyclicBarrier(2);
    daemon.onDownload =
        download -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          await(pairs);
          running.decrementAndGet();
        };

    DfgetRun run = dfget(REPOSITORY, "--max-concurrent-requests", "2");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(most).hasValue(2);
  }

  @Test
  void dfget_includePatterns_takeOnlyThose() {
    daemon.hasFiles(
        REPOSITORY + "config.json", REPOSITORY + "onnx/model.onnx", REPOSITORY + "README.md");

    DfgetRun run = dfget(REPOSITORY, "-I", "*.json", "-I", "onnx/");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(downloaded())
        .containsExactlyInAnyOrder(REPOSITORY + "config.json", REPOSITORY + "onnx/model.onnx");
  }

  @Test
  void dfget_includedNames_needNoListing() {
    DfgetRun run = dfget(REPOSITORY, "-I", "a b/config.json");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(daemon.listed).isEmpty();
    assertThat(output.resolve("a b/config.json")).hasContent(REPOSITORY + "a%20b/config.json");
  }

  @Test
  void dfget_includedPatternThatMeansNothing_fails() {
    daemon.hasFiles(REPOSITORY + "config.json");

    DfgetRun run = dfget(REPOSITORY, "-I", "*.bin");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("nothing in the folder is *.bin");
  }

  @Test
  void dfget_includedPathOutside_isRefused() {
    DfgetRun run = dfget(REPOSITORY, "-I", "../evil");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("--include-files is a path in the folder");
  }

  @Test
  void dfget_folderOfHttp_isRefused() {
    DfgetRun run = dfget("https://example.com/models/");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("a folder of https cannot be listed");
  }

  @Test
  void dfget_daemonWithoutListing_isNamed() {
    daemon.listingFails = Status.UNIMPLEMENTED.asRuntimeException();

    DfgetRun run = dfget(REPOSITORY);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("this daemon lists no folders");
  }

  @Test
  void dfget_outputThatIsNoFolder_isRefused() {
    DfgetRun run =
        DfgetRun.of(REPOSITORY, "-O", directory.resolve("missing"), "-e", daemon.socket());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("the output of a folder is one that exists");
  }

  @Test
  void dfget_aFileInTheWay_failsBeforeAnyDownload() throws IOException {
    daemon.hasFiles(REPOSITORY + "a", REPOSITORY + "b");
    Files.writeString(output.resolve("b"), "mine");

    DfgetRun run = dfget(REPOSITORY);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("--overwrite", output.resolve("b").toString());
    assertThat(daemon.downloads).isEmpty();
  }

  @Test
  void dfget_digestOfAFolder_isRefused() {
    DfgetRun run = dfget(REPOSITORY, "--digest", "sha256:" + "0".repeat(64));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("are for one file");
  }

  @Test
  void dfget_aFileThatFails_isAskedForAgainAlone() throws IOException {
    daemon.hasFiles(REPOSITORY + "a", REPOSITORY + "b");
    daemon.failingOnce.put(REPOSITORY + "b", Status.UNAVAILABLE.asRuntimeException());

    DfgetRun run = dfget(REPOSITORY, "--progress", "json");

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(downloaded())
        .containsExactlyInAnyOrder(REPOSITORY + "a", REPOSITORY + "b", REPOSITORY + "b");
    assertThat(run.events("retry"))
        .singleElement()
        .satisfies(event -> assertThat(event.path("file").asText()).isEqualTo("b"));
  }

  @Test
  void dfget_aFileThatKeepsFailing_isNamed() {
    daemon.hasFiles(REPOSITORY + "a", REPOSITORY + "b");
    daemon.failingOnce.put(
        REPOSITORY + "b",
        Status.INTERNAL.withDescription("backend error: 404 Not Found").asRuntimeException());

    DfgetRun run = dfget(REPOSITORY);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("dfget: b: ", "404");
    assertThat(output.resolve("b")).doesNotExist();
  }

  @Test
  void dfget_progressJson_tellsHowManyAndEachFile() throws IOException {
    daemon.hasFiles(REPOSITORY + "a", REPOSITORY + "b/c");

    DfgetRun run = dfget(REPOSITORY, "--progress", "json");

    assertThat(run.events("listed"))
        .singleElement()
        .satisfies(event -> assertThat(event.path("files").asInt()).isEqualTo(2));
    assertThat(run.events("done"))
        .extracting(event -> event.path("file").asText())
        .containsExactlyInAnyOrder("a", "b/c");
  }

  private DfgetRun dfget(String url, String... more) {
    return DfgetRun.of(
        Stream.concat(Stream.of(url, "-O", output, "-e", daemon.socket()), Stream.of(more))
            .toArray());
  }

  private List<String> downloaded() {
    return daemon.downloads.stream().map(Download::getUrl).toList();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      var _ = barrier.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("no second download came", e);
    }
  }
}
