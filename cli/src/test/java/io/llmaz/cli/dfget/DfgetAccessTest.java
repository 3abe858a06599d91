package io.llmaz.cli.dfget;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.HDFS;
import io.llmaz.dragonfly.api.common.HuggingFace;
import io.llmaz.dragonfly.api.common.ModelScope;
import io.llmaz.dragonfly.api.common.ObjectStorage;
import io.llmaz.dragonfly.api.common.OpenCSG;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the daemon is told of hubs and object stores, and who else sees it. */
@Timeout(60)
final class DfgetAccessTest {
  private static final String TOKEN = "hf_secret";
  private static final List<String> ALL =
      List.of(
          "--hf-token=" + TOKEN,
          "--hf-revision=v1",
          "--hf-base-url=http://hub",
          "--ms-token=ms",
          "--csg-token=csg",
          "--storage-region=r",
          "--storage-endpoint=http://store",
          "--storage-access-key-id=id",
          "--storage-access-key-secret=s",
          "--storage-session-token=session",
          "--storage-security-token=security",
          "--storage-credential-path=/key.json",
          "--storage-predefined-acl=private",
          "--storage-insecure-skip-verify=true",
          "--hdfs-delegation-token=d");

  @TempDir Path directory;
  private TestingDaemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon = new TestingDaemon(directory);
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  @Test
  void dfget_fileOfHuggingFace_carriesItsMessageAlone() {
    assertThat(message("hf://owner/repo/file"))
        .isEqualTo(
            Download.newBuilder()
                .setHuggingFace(
                    HuggingFace.newBuilder()
                        .setToken(TOKEN)
                        .setRevision("v1")
                        .setBaseUrl("http://hub"))
                .build());
  }

  @Test
  void dfget_fileOfModelScope_carriesItsMessageAlone() {
    assertThat(message("modelscope://owner/repo/file"))
        .isEqualTo(
            Download.newBuilder()
                .setModelScope(ModelScope.newBuilder().setToken("ms").setRevision("master"))
                .build());
  }

  @Test
  void dfget_fileOfOpenCsg_carriesItsMessageAlone() {
    assertThat(message("opencsg://owner/repo/file"))
        .isEqualTo(
            Download.newBuilder()
                .setOpenCsg(OpenCSG.newBuilder().setToken("csg").setRevision("main"))
                .build());
  }

  @Test
  void dfget_fileOfAnObjectStore_carriesItsMessageAlone() {
    assertThat(message("s3://bucket/file"))
        .isEqualTo(
            Download.newBuilder()
                .setObjectStorage(
                    ObjectStorage.newBuilder()
                        .setRegion("r")
                        .setEndpoint("http://store")
                        .setAccessKeyId("id")
                        .setAccessKeySecret("s")
                        .setSessionToken("session")
                        .setSecurityToken("security")
                        .setCredentialPath("/key.json")
                        .setPredefinedAcl("private")
                        .setInsecureSkipVerify(true))
                .build());
  }

  @Test
  void dfget_fileOfHdfs_carriesItsMessageAlone() {
    assertThat(message("hdfs://host/file"))
        .isEqualTo(
            Download.newBuilder().setHdfs(HDFS.newBuilder().setDelegationToken("d")).build());
  }

  @Test
  void dfget_fileOfHttp_carriesNoToken() {
    assertThat(message("http://host/file")).isEqualTo(Download.getDefaultInstance());
  }

  @Test
  void dfget_folder_isListedWithTheSameMessage() throws IOException {
    Path output = Files.createDirectory(directory.resolve("folder"));
    daemon.hasFiles("hf://owner/repo/file");

    DfgetRun run = DfgetRun.of(arguments("hf://owner/repo/", output, ALL.toArray(String[]::new)));

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(daemon.listed.getFirst().getHuggingFace())
        .isEqualTo(daemon.downloads.getFirst().getHuggingFace());
  }

  @Test
  void dfget_daemonRepeatsTheToken_isNotShown() {
    String url = "hf://owner/repo/file";
    daemon.failingOnce.put(
        url, Status.UNAVAILABLE.withDescription("not with " + TOKEN).asRuntimeException());

    DfgetRun run =
        DfgetRun.of(
            arguments(url, directory.resolve("output"), "--hf-token", TOKEN, "--attempts", "1"));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("not with ***").doesNotContain(TOKEN);
  }

  @Test
  void dfget_switchThatIsNeitherTrueNorFalse_isRefused() {
    DfgetRun run =
        DfgetRun.of(
            arguments(
                "s3://bucket/file",
                directory.resolve("output"),
                "--storage-insecure-skip-verify",
                "perhaps"));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("--storage-insecure-skip-verify is true or false");
  }

  @Test
  void dfget_variables_areReadAsDfgetReadsThem() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        io.llmaz.cli.Main.class.getName(),
                        "dfget"),
                    Stream.of(arguments("s3://bucket/file", directory.resolve("output")))
                        .map(Object::toString))
                .toList());
    builder.environment().put("DFGET_STORAGE_ACCESS_KEY_SECRET", "s3cret");
    builder.environment().put("DFGET_STORAGE_REGION", "r");

    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(daemon.downloads.getFirst().getObjectStorage())
        .isEqualTo(
            ObjectStorage.newBuilder()
                .setAccessKeySecret("s3cret")
                .setRegion("r")
                .setPredefinedAcl("publicRead")
                .build());
  }

  @Test
  void dfget_withABinary_givesItSecretsInItsEnvironmentOnly() throws IOException {
    Path binary = directory.resolve("dfget");
    Files.writeString(binary, "#!/bin/sh\necho \"$@\" > $0.arguments\nenv > $0.environment\n");
    assertThat(binary.toFile().setExecutable(true)).isTrue();
    Path output = Files.createDirectory(directory.resolve("folder"));

    DfgetRun run =
        DfgetRun.of(
            arguments(
                "hf://owner/repo",
                output,
                "--engine-binary",
                binary.toString(),
                "--hf-token",
                TOKEN,
                "-r",
                "-I",
                "a/",
                "--max-files",
                "7"));

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(Path.of(binary + ".arguments"))
        .content()
        .contains("--recursive --include-files a/ --max-files 7 --max-concurrent-requests 5")
        .doesNotContain(TOKEN);
    assertThat(Path.of(binary + ".environment")).content().contains("DFGET_HF_TOKEN=" + TOKEN);
  }

  /** Of what was asked with every option, the parts that tell how to get at the source. */
  private Download message(String url) {
    DfgetRun run =
        DfgetRun.of(arguments(url, directory.resolve("output"), ALL.toArray(String[]::new)));
    assertThat(run.exit()).as(run.err()).isZero();
    Download asked = daemon.downloads.getFirst();
    Download.Builder access = Download.newBuilder();
    asked
        .getAllFields()
        .forEach((field, value) -> {
          if (List.of("object_storage", "hdfs", "hugging_face", "model_scope", "open_csg")
              .contains(field.getName())) {
            access.setField(field, value);
          }
        });
    return access.build();
  }

  private Object[] arguments(String url, Path output, String... more) {
    return Stream.concat(Stream.of(url, "-O", output, "-e", daemon.socket()), Stream.of(more))
        .toArray();
  }
}
