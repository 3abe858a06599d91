package io.llmaz.cli.dfget;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.dfdaemon.ListTaskEntriesRequest;
import io.llmaz.parts.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a daemon, beside what Dragonfly's own dfget asks of it. */
@Timeout(60)
@EnabledIf("io.llmaz.parts.Dfdaemon#installed")
final class DfgetRequestsIT {
  private static final List<String> OPTIONS =
      List.of(
          "--hf-token=hf",
          "--hf-revision=v1",
          "--hf-base-url=http://hub",
          "--ms-token=ms",
          "--ms-base-url=http://ms",
          "--csg-token=csg",
          "--csg-revision=v2",
          "--storage-region=r",
          "--storage-endpoint=http://store",
          "--storage-access-key-id=id",
          "--storage-access-key-secret=s",
          "--storage-session-token=session",
          "--storage-security-token=security",
          "--storage-credential-path=/key.json",
          "--storage-insecure-skip-verify=true",
          "--hdfs-delegation-token=d",
          "--piece-length=8mib",
          "--tag=t",
          "--application=a",
          "--priority=3",
          "--scheduling-policy=always",
          "--timeout=7m",
          "--disable-back-to-source",
          "-H=X-Mine: yes");

  @TempDir Path directory;

  /** Both kinds of request. */
  private record Asked(List<ListTaskEntriesRequest> listings, List<Download> downloads) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://host/file",
        "hf://owner/repo/file",
        "hf://owner/repo/",
        "hf://datasets/owner/repo/",
        "modelscope://owner/repo/",
        "opencsg://owner/repo/",
        "s3://bucket/file",
        "s3://bucket/a/",
        "gs://bucket/a/",
        "abs://bucket/a/",
        "oss://bucket/a/",
        "obs://bucket/a/",
        "cos://bucket/a/",
        "hdfs://host:9870/a/"
      })
  void dfget_anyScheme_asksWhatDragonflysOwnAsks(String url) throws IOException {
    Path binary = Tools.find("dfget").orElseThrow();

    Asked ours = asked("ours", url, List.of());
    Asked theirs = asked("theirs", url, List.of("--engine-binary", binary.toString()));

    assertThat(ours).isEqualTo(theirs);
    assertThat(ours.downloads()).isNotEmpty();
  }

  private Asked asked(String name, String url, List<String> more) throws IOException {
    Path folder = Files.createDirectory(directory.resolve(name));
    Path output = folder.resolve("output");
    if (url.endsWith("/")) {
      Files.createDirectory(output);
    }
    try (TestingDaemon daemon = new TestingDaemon(folder)) {
      daemon.hasFiles(url + "b%20c/file");
      List<Object> arguments = new ArrayList<>(List.of(url, "-O", output, "-e", daemon.socket()));
      DfgetRun run =
          DfgetRun.of(Stream.of(arguments, OPTIONS, more).flatMap(List::stream).toArray());
      assertThat(run.exit()).as(run.err()).isZero();
      return new Asked(
          daemon.listed.stream()
              // An id that each makes up, and an address of this machine that each chooses.
              .map(request -> request.toBuilder().clearTaskId().clearRemoteIp().build())
              .toList(),
          daemon.downloads.stream()
              .map(download ->
                  download.toBuilder()
                      .clearRemoteIp()
                      .setOutputPath(
                          output.relativize(Path.of(download.getOutputPath())).toString())
                      .build())
              .toList());
    }
  }
}
