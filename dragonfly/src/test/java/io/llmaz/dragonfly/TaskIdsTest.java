package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdsTest {
  /** From the tests of Dragonfly's client. */
  @Test
  void ofContent_vector_isDragonflys() {
    assertThat(TaskIds.ofContent("This is a test file"))
        .isEqualTo("e2d0fe1585a63ec6009c8016ff8dda8b17719a637405a4e23c0ff81339148249");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?sig=x&exp=1"})
  void ofBlobUrl_registryBlob_isTheDigest(String query) {
    String digest = "a711f05d33845e2e9deffcfcc5adf082d7c6e97e3e3a881d193d9aae38f092a8";

    assertThat(
            TaskIds.ofBlobUrl(
                "https://ghcr.io/v2/dragonflyoss/busybox/blobs/sha256:" + digest + query))
        .isEqualTo(digest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://ghcr.io/v2/a/manifests/latest",
        "https://ghcr.io/v2/a/blobs/sha256:abc",
        "https://huggingface.co/a/resolve/main/f"
      })
  void ofBlobUrl_otherUrl_isRefused(String url) {
    assertThatThrownBy(() -> TaskIds.ofBlobUrl(url)).isInstanceOf(IllegalArgumentException.class);
  }
}
