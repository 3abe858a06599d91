package io.llmaz.gateway;

import static io.llmaz.gateway.TestingHub.LARGE;
import static io.llmaz.gateway.TestingHub.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.api.p2p.ImageTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.api.p2p.SeedHoldings;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a link opens, and for whom. */
final class GatewayLinksTest {
  @AutoClose private final TestingGateway gateway;

  GatewayLinksTest(@TempDir Path directory) throws IOException {
    gateway = new TestingGateway(directory);
  }

  @Test
  void manifest_forWhoMayGetTheModel_hasLinksThatWork() throws Exception {
    Map<String, String> links = gateway.links("reader");

    assertThat(gateway.bytes(links.get("small"), null)).isEqualTo(SMALL);
    assertThat(gateway.bytes(links.get("large"), "bytes=100-4000099"))
        .isEqualTo(Arrays.copyOfRange(LARGE, 100, 4_000_100));
  }

  @Test
  void manifest_forWhoMayNot_isForbidden() throws Exception {
    assertThat(gateway.get("/v1/tasks/model-m/manifest", "stranger").statusCode()).isEqualTo(403);
  }

  @Test
  void manifest_withoutAValidToken_isUnauthorised() throws Exception {
    assertThat(gateway.get("/v1/tasks/model-m/manifest", "").statusCode()).isEqualTo(401);
  }

  @Test
  void manifest_ofAnUnknownTask_isNotFound() throws Exception {
    assertThat(gateway.get("/v1/tasks/nothing/manifest", "reader").statusCode()).isEqualTo(404);
  }

  @Test
  void link_tamperedWith_isForbidden() throws Exception {
    String link =
        Objects.requireNonNull(gateway.links("reader").get("small"))
            .replace("path=small", "path=large");

    assertThat(gateway.fetch(link, null).statusCode()).isEqualTo(403);
  }

  @Test
  void link_withAnotherFilesDigest_isForbidden() throws Exception {
    Map<String, String> links = gateway.links("reader");
    String small = Objects.requireNonNull(links.get("small"));
    String forged =
        small.replace(
            TestingContent.sha256(SMALL).toString(), TestingContent.sha256(LARGE).toString());

    assertThat(forged).isNotEqualTo(small);
    assertThat(gateway.fetch(forged, null).statusCode()).isEqualTo(403);
  }

  @Test
  void sizeProbe_ofALargeFile_asksNobody() throws Exception {
    HttpResponse<byte[]> probe = gateway.fetch(gateway.links("reader").get("large"), "bytes=0-0");

    assertThat(probe.statusCode()).isEqualTo(206);
    assertThat(probe.headers().firstValue("Content-Range")).contains("bytes 0-0/" + LARGE.length);
    assertThat(gateway.hubRequests()).isEqualTo(0);
  }

  @Test
  void range_notSatisfiable_is416() throws Exception {
    assertThat(gateway.fetch(gateway.links("reader").get("small"), "bytes=5000-").statusCode())
        .isEqualTo(416);
  }

  @Test
  void blob_ofALinkForPeersOnly_isRefusedWithoutAskingTheHub() throws Exception {
    String link = gateway.links("reader").get("large") + "&from=peers";

    HttpResponse<byte[]> answer = gateway.fetch(link, "bytes=0-9");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .contains("only peers may give large");
    assertThat(gateway.fetch(link, "bytes=0-0").statusCode()).isEqualTo(206);
    assertThat(gateway.hubRequests()).isEqualTo(0);
  }

  @Test
  void imageBlob_atItsLink_hasARegistrysShape() throws Exception {
    gateway.serve(
        new GatewayTask(
            "image-i",
            Optional.empty(),
            new P2PTaskSpec(
                null,
                new ImageTask(gateway.hub().address().getAuthority() + "/a/b:v1", List.of()),
                null,
                null,
                null,
                null,
                null),
            new Manifest(
                "r/a/b",
                "sha256:" + "0".repeat(64),
                List.of(
                    ManifestFile.verified("blobs/x", SMALL.length, TestingContent.sha256(SMALL)))),
            SeedHoldings.NONE));
    String link = Objects.requireNonNull(gateway.links("operator").get("blobs/x"));

    assertThat(URI.create(link).getPath())
        .isEqualTo("/v2/image-i/blobs/" + TestingContent.sha256(SMALL));
    assertThat(gateway.fetch(link, "bytes=0-0").headers().firstValue("Content-Range"))
        .contains("bytes 0-0/" + SMALL.length);
    assertThat(gateway.fetch(link.replace("/v2/image-i", "/v2/model-m"), null).statusCode())
        .isEqualTo(403);
  }
}
