package io.llmaz.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaz.source.OriginHttp;
import io.llmaz.source.RetryPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Direct mode against a hub that breaks its promises. Patience is short and pauses are skipped. */
final class HostileHubTest {
  private static final int ATTEMPTS = 3;

  @TempDir Path directory;
  private final TestingHub hub = new TestingHub();
  private final byte[] content = new byte[900_000];
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  @BeforeEach
  void fill() {
    new Random(3).nextBytes(content);
    hub.files.put("model.bin", content);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void run_answersEndInTheMiddle_goesOnWhereTheyEnded() throws Exception {
    hub.truncated.set(ATTEMPTS - 1);

    run();

    assertThat(model().resolve("model.bin")).hasBinaryContent(content);
    assertThat(contentRequests())
        .containsExactly("bytes=0-899999", "bytes=450000-899999", "bytes=675000-899999");
  }

  @Test
  void run_everyAnswerEndsInTheMiddle_givesUpAndKeepsWhatCame() throws IOException {
    hub.truncated.set(Integer.MAX_VALUE);

    assertThat(failure()).isEqualTo(LoaderException.Exit.UNAVAILABLE);

    assertThat(contentRequests()).hasSize(ATTEMPTS);
    assertThat(model().resolve("model.bin")).doesNotExist();
    assertThat(partialBytes()).isEqualTo(787_500);
  }

  @Test
  void run_hubFallsSilent_givesUpAndKeepsWhatCame() throws IOException {
    hub.most = 200_000;

    assertThat(failure()).isEqualTo(LoaderException.Exit.UNAVAILABLE);

    assertThat(contentRequests()).hasSize(ATTEMPTS);
    assertThat(partialBytes()).isEqualTo(600_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void run_hubClaimsAnotherSize_isRefusedBeforeAByte(int lie) throws IOException {
    hub.sizeLie = lie;

    assertThatThrownBy(this::run).hasMessageContaining("model.bin");

    assertThat(contentRequests()).hasSize(1);
    assertThat(partialBytes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "401,REFUSED,1",
    "403,REFUSED,1",
    "404,REFUSED,1",
    "410,REFUSED,1",
    "429,UNAVAILABLE,3",
    "500,UNAVAILABLE,3",
    "503,UNAVAILABLE,3"
  })
  void run_hubAnswersAnError_endsWithItsCodeAfterBoundedRequests(
      int status, LoaderException.Exit exit, int requests) {
    hub.contentStatus = status;

    LoaderException failure = catchThrowableOfType(LoaderException.class, this::run);

    assertThat(failure.exit()).isEqualTo(exit);
    assertThat(failure).hasMessageContaining("model.bin").hasMessageContaining("" + status);
    assertThat(contentRequests()).hasSize(requests);
    assertThat(model().resolve("model.bin")).doesNotExist();
  }

  @Test
  void run_hubAsksToComeBackInAnHour_givesUpAtOnce() {
    hub.contentStatus = 429;
    hub.contentHeaders.put("Retry-After", "3600");

    assertThat(failure()).isEqualTo(LoaderException.Exit.UNAVAILABLE);

    assertThat(contentRequests()).hasSize(1);
  }

  @Test
  void run_hubRedirectsInCircles_isRefused() {
    hub.contentStatus = 302;
    hub.contentHeaders.put("Location", "/f/f/resolve/c0ffee/model.bin");

    assertThatThrownBy(this::run).hasMessageContaining("in circles");
  }

  @ParameterizedTest
  @MethodSource("unsafeNames")
  void run_unsafeName_isRefusedAndNothingIsWritten(String name) throws IOException {
    hub.files.put(name, new byte[1]);

    LoaderException failure = catchThrowableOfType(LoaderException.class, this::run);

    assertThat(failure).hasMessageContaining("unsafe file name");
    assertThat(failure.exit()).isNotEqualTo(LoaderException.Exit.INTERNAL);
    try (Stream<Path> all = Files.walk(directory)) {
      assertThat(all.filter(Files::isRegularFile)).isEmpty();
    }
  }

  static List<String> unsafeNames() {
    return List.of(
        "../evil", "a/../../evil", "/etc/evil", "a\0b", "x".repeat(300), "a//b", "a/./b", "a\\b");
  }

  @Test
  void run_nonAsciiNames_arriveOrTellWhatIsMissing() throws Exception {
    String name = "\u6a21\u578b/r\u00e9sum\u00e9 1%2F#?.json";
    hub.files.put(name, new byte[] {1, 2});
    if (!System.getProperty("sun.jnu.encoding").equals("UTF-8")) {
      assertThatThrownBy(this::run).hasMessageContaining("LC_ALL=C.UTF-8");
      return;
    }

    run();

    assertThat(model().resolve(name)).hasBinaryContent(new byte[] {1, 2});
  }

  @Test
  void run_zeroBytesAndAThousandSmallFiles_arrive() throws Exception {
    hub.files.put("empty", new byte[0]);
    for (int i = 0; i < 1000; i++) {
      hub.files.put("many/" + i, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
    }

    run();

    assertThat(model().resolve("empty")).isEmptyFile();
    try (Stream<Path> files = Files.list(model().resolve("many"))) {
      assertThat(files).hasSize(1000);
    }
  }

  @Test
  void run_nothingButFailures_noTokenInWhatIsSaid() {
    hub.contentStatus = 403;

    assertThatThrownBy(this::run).message().doesNotContain("hf_secret");

    assertThat(output.toString(StandardCharsets.UTF_8)).doesNotContain("hf_secret");
  }

  private void run() throws InterruptedException {
    Map<String, String> environment =
        Map.of(
            "MODEL_SOURCE_TYPE",
            "modelhub",
            "MODEL_ID",
            "f/f",
            "HF_TOKEN",
            "hf_secret",
            "HF_ENDPOINT",
            hub.uri().toString(),
            "LLMAZ_MODEL_ROOT",
            directory.toString());
    PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
    new ModelLoader(
            LoaderSettings.from(environment),
            new LoadReport(out, false, InstantSource.system()),
            new OriginHttp(
                new RetryPolicy(
                    ATTEMPTS, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(60)),
                InstantSource.system(),
                new Random(1),
                pause -> {},
                Duration.ofMillis(300),
                Optional.empty(),
                "model-loader"))
        .run();
  }

  private LoaderException.Exit failure() {
    return catchThrowableOfType(LoaderException.class, this::run).exit();
  }

  private List<String> contentRequests() {
    return hub.asked.stream()
        .filter(a -> a.contains("model.bin"))
        .map(a -> a.substring(a.lastIndexOf(' ') + 1))
        .toList();
  }

  private long partialBytes() throws IOException {
    Path partial = model().resolve(".llmaz/f-f/partial");
    if (!Files.isDirectory(partial)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(partial)) {
      return files.mapToLong(path -> path.toFile().length()).sum();
    }
  }

  private Path model() {
    return directory.resolve("models--f--f");
  }
}
