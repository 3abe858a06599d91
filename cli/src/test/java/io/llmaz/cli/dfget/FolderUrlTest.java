package io.llmaz.cli.dfget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FolderUrlTest {
  @ParameterizedTest
  @CsvSource({
    "hf://owner/repo, hf://owner/repo/",
    "hf://datasets/owner/repo/, hf://datasets/owner/repo/",
    "hf://models/owner/repo, hf://owner/repo/",
    "S3://My_bucket, s3://My_bucket/",
    "s3://bucket/a/\u00e4, s3://bucket/a/%C3%A4/"
  })
  void of_whatAUserWrites_isWhatTheDaemonIsAsked(String url, String asked) {
    assertThat(FolderUrl.of(URI.create(url)).text()).isEqualTo(asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://host/a/",
        "hf://owner/repo/folder/",
        "hf://owner/",
        "hf://models/",
        "s3:/a/",
        "s3://bucket/a/?x=y",
        "relative/"
      })
  void of_whatCannotBeListed_isRefused(String url) {
    assertThatIllegalArgumentException().isThrownBy(() -> FolderUrl.of(URI.create(url)));
  }

  @ParameterizedTest
  @CsvSource({
    "s3://bucket/a/b, b",
    "S3://BUCKET/a/b%20c/d%25, b c/d%",
    "s3://bucket/a/100%, 100%",
    "s3://bucket/a/b+c/, b+c",
    "s3://bucket/a/[x]^|, [x]^|",
    "s3://bucket/a/, ''"
  })
  void nameOf_anEntry_isItsPlaceInTheFolder(String entry, String name) throws IOException {
    assertThat(new FolderUrl("s3://bucket/a/").nameOf(entry)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://bucket/a/../b",
        "s3://bucket/a/%2e%2E/b",
        "s3://bucket/a/b/..%2f..%2fc",
        "s3://bucket/a/./b",
        "s3://bucket/a//etc/passwd",
        "s3://bucket/a/b//c",
        "s3://bucket/a/b%00c",
        "s3://bucket/b",
        "s3://other/a/b",
        "gs://bucket/a/b",
        "/etc/passwd",
        ""
      })
  void nameOf_anEntryThatIsNotInTheFolder_isRefused(String entry) {
    assertThatThrownBy(() -> new FolderUrl("s3://bucket/a/").nameOf(entry))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the listing has an entry");
  }

  @Test
  void file_aNameWithSpecialCharacters_isEncodedAsItself() throws IOException {
    FolderUrl folder = new FolderUrl("s3://bucket/a/");

    assertThat(folder.nameOf(folder.file("b c/100%/\u00e4#?"))).isEqualTo("b c/100%/\u00e4#?");
  }
}
