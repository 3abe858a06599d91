package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

final class BytesFromTest {
  @Test
  void narrow_aLinkWithParameters_addsOne() {
    assertThat(BytesFrom.PEERS.narrow(URI.create("http://g/v1/blobs/k?task=t&path=a%2Fb&sig=s")))
        .isEqualTo(URI.create("http://g/v1/blobs/k?task=t&path=a%2Fb&sig=s&from=peers"));
  }

  @Test
  void narrow_aLinkWithoutParameters_beginsThem() {
    assertThat(BytesFrom.SOURCE.narrow(URI.create("http://g/f")))
        .isEqualTo(URI.create("http://g/f?from=source"));
  }

  @Test
  void of_whatNarrowWrites_isTheSame() {
    assertThat(BytesFrom.of("peers")).contains(BytesFrom.PEERS);
    assertThat(BytesFrom.of("gateway")).contains(BytesFrom.GATEWAY);
    assertThat(BytesFrom.of("source")).contains(BytesFrom.SOURCE);
  }

  @Test
  void of_nothingOrSomethingElse_isEmpty() {
    assertThat(BytesFrom.of(null)).isEmpty();
    assertThat(BytesFrom.of("PEERS")).isEmpty();
  }
}
