package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.source.Digest;
import io.llmaz.source.ManifestFile;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskKeysTest {
  private static final Digest DIGEST = Digest.sha256("ab".repeat(32));
  private static final ManifestFile FILE = ManifestFile.verified("a", 9, DIGEST);

  @Test
  void of_content_isTheContentKey() {
    assertThat(TaskKeys.CONTENT.of(FILE)).isEqualTo(FILE.contentKey());
  }

  /** The vector of Dragonfly's own tests for an address without tag. */
  @Test
  void tag_ofTheAddressAlone_isNone() {
    URI url = URI.create("https://example.com?foo=foo&bar=bar");

    assertThat(TaskIds.ofContent("https://example.com" + "STANDARD"))
        .isEqualTo("457b4328cde278e422c9e243f7bfd1e97f511fec43a80f535cf6b0ef6b086776");
    assertThat(TaskKeys.tag(url, "https://example.comSTANDARD")).isEmpty();
  }

  /** And with one. */
  @Test
  void tag_ofAnAddressWithATag_isThat() {
    assertThat(TaskIds.ofContent("https://example.com" + "foo" + "STANDARD"))
        .isEqualTo("3c3f230ef9f191dd2821510346a7bc138e4894bee9aee184ba250a3040701d2a");
    assertThat(
            TaskKeys.tag(URI.create("https://example.com/?x=y"), "https://example.comfooSTANDARD"))
        .contains("foo");
  }

  @Test
  void of_addresses_sameBytesOfTwoPlaces_areOneTask() {
    TaskKeys keys = TaskKeys.ofAddresses(URI.create("http://gateway:8088"));

    assertThat(keys.of(FILE)).isEqualTo(keys.of(ManifestFile.verified("b/c", 9, DIGEST)));
  }

  @Test
  void of_addresses_filesWithoutDigest_areTasksOfTheirOwn() {
    TaskKeys keys = TaskKeys.ofAddresses(URI.create("http://gateway:8088"));

    assertThat(keys.of(ManifestFile.unverified("a", 9, "one")))
        .isNotEqualTo(keys.of(ManifestFile.unverified("a", 9, "two")));
  }

  @ParameterizedTest
  @CsvSource({
    "http://gateway:8088, http://gateway:8088",
    "http://Gateway:80, http://gateway",
    "https://gateway:443/base, https://gateway/base"
  })
  void tag_linkOfThatGateway_isTheContentKey(String gateway, String written) {
    String key = TaskKeys.ofAddresses(URI.create(gateway)).of(FILE);

    assertThat(key).isEqualTo(written + FILE.blobPath() + FILE.contentKey() + "STANDARD");
    assertThat(TaskKeys.tag(URI.create(gateway + FILE.blobPath() + "?exp=1&sig=s"), key))
        .contains(FILE.contentKey());
  }

  @Test
  void tag_linkOfAnotherGateway_isNone() {
    String key = TaskKeys.ofAddresses(URI.create("http://gateway")).of(FILE);

    assertThat(TaskKeys.tag(URI.create("http://other" + FILE.blobPath()), key)).isEmpty();
  }
}
