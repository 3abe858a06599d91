package io.llmaz.parts;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real S3 server over a folder (versitygw) on loopback, path style. A file that is put into a
 * bucket's folder is an object without an entity tag; one that is {@link #put} has its md5.
 */
public final class S3Server implements AutoCloseable {
  /** Of every bucket. */
  public static final String REGION = "eu-test-1";

  private final RunningProgram program;
  private final Path directory;
  private final String id;
  private final String secret;
  private final int port = FreePorts.of(1).getFirst();

  /** Whether it is on this machine; {@code e2e/tools/install versitygw} builds it. */
  public static boolean installed() {
    return Tools.installed("versitygw", "curl");
  }

  /**
   * Starts one and returns when it answers.
   *
   * @param parent where its folder goes
   * @param id of the access key that may do everything
   */
  public S3Server(Path parent, String id, String secret) throws IOException {
    this.id = id;
    this.secret = secret;
    directory = Files.createDirectories(parent.resolve("buckets"));
    Path metadata = Files.createDirectories(parent.resolve("metadata"));
    program =
        new RunningProgram(
            List.of(
                Tools.require("versitygw").toString(),
                "--access=" + id,
                "--secret=" + secret,
                "--region=" + REGION,
                "--port=127.0.0.1:" + port,
                "--quiet",
                "posix",
                // Not every file system of a test has extended attributes.
                "--sidecar=" + metadata,
                directory.toString()),
            parent.resolve("versitygw.log"),
            () -> RunningProgram.listens(port));
  }

  /** Without the bucket. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Makes a bucket, or finds the folder of one. */
  public Path bucket(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  /**
   * Stores an object as a client does, by curl.
   *
   * @throws IOException when the server does not take it
   */
  public void put(String bucket, String key, byte[] content)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile(directory.getParent(), "put", "");
    try {
      Files.write(file, content);
      Process curl =
          new ProcessBuilder("curl", "--config", "-", "-sSf", "--max-time", "30")
              .redirectErrorStream(true)
              .start();
      curl.getOutputStream()
          .write(
              """
              aws-sigv4 = "aws:amz:%s:s3"
              user = "%s:%s"
              header = "x-amz-content-sha256: UNSIGNED-PAYLOAD"
              upload-file = "%s"
              url = "%s/%s/%s"
              """
                  .formatted(REGION, id, secret, file, endpoint(), bucket, key)
                  .getBytes(StandardCharsets.UTF_8));
      curl.getOutputStream().close();
      String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!curl.waitFor(30, TimeUnit.SECONDS) || curl.exitValue() != 0) {
        throw new IOException("cannot store " + key + ": " + said);
      }
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
