package io.llmaz.local.engine.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.api.common.Download;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vectors of reference/dragonfly.md section 3.3. */
final class TaskIdentityTest {

  @Test
  void of_aUrlWithTagAndApplication_isDragonflysId() {
    Download download =
        Download.newBuilder()
            .setUrl("https://example.com")
            .setTag("foo")
            .setApplication("bar")
            .build();
    assertThat(TaskIdentity.of(download))
        .isEqualTo("06408fbf247ddaca478f8cb9565fe5591c28efd0994b8fea80a6a87d3203c5ca");
  }

  @Test
  void of_aUrlWithPieceLength_isDragonflysId() {
    Download download =
        Download.newBuilder().setUrl("https://example.com").setPieceLength(1024).build();
    assertThat(TaskIdentity.of(download))
        .isEqualTo("9f7c9aafbc6f30f8f41a96ca77eeae80c5b60964b3034b0ee43ccf7b2f9e52b8");
  }

  @Test
  void of_aUrlWhoseQueryIsFiltered_isThatOfThePlainUrl() {
    Download download =
        Download.newBuilder()
            .setUrl("https://example.com?foo=foo&bar=bar")
            .addAllFilteredQueryParams(List.of("foo", "bar"))
            .build();
    assertThat(TaskIdentity.of(download))
        .isEqualTo("457b4328cde278e422c9e243f7bfd1e97f511fec43a80f535cf6b0ef6b086776");
  }

  @Test
  void of_aContentKey_isItsSha256() {
    Download download =
        Download.newBuilder()
            .setUrl("https://example.com/any")
            .setContentForCalculatingTaskId("This is a test file")
            .build();
    assertThat(TaskIdentity.of(download))
        .isEqualTo("e2d0fe1585a63ec6009c8016ff8dda8b17719a637405a4e23c0ff81339148249");
  }

  @Test
  void of_aBlobUrl_isTheUrlsIdUnlessTheDigestIsAskedFor() {
    String digest = "a711f05d33845e2e9deffcfcc5adf082d7c6e97e3e3a881d193d9aae38f092a8";
    Download byUrl =
        Download.newBuilder()
            .setUrl("https://ghcr.io/v2/dragonflyoss/busybox/blobs/sha256:" + digest)
            .build();
    assertThat(TaskIdentity.of(byUrl))
        .isEqualTo("a5040eb77de7f771cb3ce3ecb2ebb61af124d3341e0b5c6854b7e220eb0dc680");
    assertThat(TaskIdentity.of(byUrl.toBuilder().setEnableTaskIdBasedBlobDigest(true).build()))
        .isEqualTo(digest);
  }

  @Test
  void normalise_lowersTheHostDropsTheDefaultPortAndEncodesTheQuery() {
    assertThat(
            TaskIdentity.normalise("HTTP://Example.COM:80/a/../b?x=a%20b&y&sig=1", List.of("sig")))
        .isEqualTo("http://example.com/b?x=a+b&y=");
  }
}
