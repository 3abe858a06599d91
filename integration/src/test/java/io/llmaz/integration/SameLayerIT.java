package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.DfdaemonEngine;
import io.llmaz.dragonfly.DfdaemonEngineConfig;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.SeedAddress;
import io.llmaz.parts.Dfdaemon;
import io.llmaz.parts.DockerRegistry;
import io.llmaz.parts.DragonflyScheduler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * One layer in two registries is one object: Debian's registry twice, Dragonfly's own scheduler and
 * daemons. The second registry says with its access log what was asked of it.
 */
@EnabledIf("installed")
final class SameLayerIT {
  private static final int SIZE = 9 << 20;

  private final HttpClient http = HttpClient.newHttpClient();

  static boolean installed() {
    return DockerRegistry.installed() && Dfdaemon.installed() && DragonflyScheduler.installed();
  }

  @Test
  void layer_inTwoRegistries_isStoredOnceAndPulledFromPeers(@TempDir Path directory)
      throws Exception {
    byte[] layer = new byte[SIZE];
    new Random(7).nextBytes(layer);
    String digest = sha256(layer);
    try (DockerRegistry first = DockerRegistry.open(directory.resolve("first"));
        DockerRegistry second = DockerRegistry.open(directory.resolve("second"));
        DragonflyScheduler scheduler = new DragonflyScheduler(directory);
        Dfdaemon seed = new Dfdaemon(directory, "seed-a", true, scheduler.port());
        Dfdaemon node = new Dfdaemon(directory, "node-b", false, scheduler.port());
        DfdaemonEngine engine =
            DfdaemonEngine.start(
                DfdaemonEngineConfig.of(
                    List.of(new SeedAddress("127.0.0.1", seed.uploadPort())), Optional.empty()))) {
      push(first, "team/one", layer, digest);
      push(second, "other/two", layer, digest);
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(engine::available);

      Progress fromFirst = distribute(engine, first, "team/one", digest);
      Progress again = distribute(engine, second, "other/two", digest);
      byte[] pulled = pull(node, second, "other/two", digest);

      assertThat(fromFirst)
          .usingRecursiveComparison()
          .ignoringFields("seed")
          .isEqualTo(new Progress(digest, SIZE, SIZE, SIZE));
      assertThat(again)
          .usingRecursiveComparison()
          .ignoringFields("seed")
          .isEqualTo(new Progress(digest, SIZE, SIZE, 0));
      assertThat(sha256(pulled)).isEqualTo(digest);
      assertThat(first.sent("team/one/blobs/sha256:" + digest)).isGreaterThanOrEqualTo(SIZE);
      assertThat(second.sent("other/two/blobs/sha256:" + digest))
          .as("bytes of the layer that the second registry gave, beside probes")
          .isLessThan(100);
    }
  }

  private static Progress distribute(
      DfdaemonEngine engine, DockerRegistry registry, String repository, String digest)
      throws Exception {
    FileTask task = new FileTask(blob(registry, repository, digest), null, Map.of());
    return engine.distribute(task, progress -> {}).get(30, TimeUnit.SECONDS);
  }

  /** As containerd does with the {@code hosts.toml} that node-setup writes. */
  private byte[] pull(Dfdaemon node, DockerRegistry registry, String repository, String digest)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:%d/v2/%s/blobs/sha256:%s"
                            .formatted(node.proxyPort(), repository, digest)))
                .header("X-Dragonfly-Registry", "http://" + registry.address())
                .header("X-Dragonfly-Use-P2P", "true")
                .header("X-Dragonfly-Scheduling-Policy", "always")
                .timeout(Duration.ofSeconds(30))
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private void push(DockerRegistry registry, String repository, byte[] layer, String digest)
      throws IOException, InterruptedException {
    URI base = URI.create("http://" + registry.address());
    HttpResponse<Void> begun =
        http.send(
            HttpRequest.newBuilder(base.resolve("/v2/" + repository + "/blobs/uploads/"))
                .POST(BodyPublishers.noBody())
                .build(),
            BodyHandlers.discarding());
    URI upload = base.resolve(begun.headers().firstValue("Location").orElseThrow());
    HttpResponse<String> done =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(
                        upload
                            + (upload.getQuery() == null ? "?" : "&")
                            + "digest=sha256:"
                            + digest))
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.ofByteArray(layer))
                .build(),
            BodyHandlers.ofString());
    assertThat(done.statusCode()).as(done.body()).isEqualTo(201);
  }

  private static URI blob(DockerRegistry registry, String repository, String digest) {
    return URI.create(
        "http://%s/v2/%s/blobs/sha256:%s".formatted(registry.address(), repository, digest));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
