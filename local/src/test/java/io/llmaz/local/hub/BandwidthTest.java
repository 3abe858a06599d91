package io.llmaz.local.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BandwidthTest {

  @ParameterizedTest
  @CsvSource({"200Mbit,25000000", "1.5gbit,187500000", "25MB/s,25000000", "8 kbit,1000"})
  void parse_text_isBytesEachSecond(String text, long bytes) {
    assertThat(Bandwidth.parse(text).bytesPerSecond()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "200", "Mbit", "-1Mbit", "0Mbit", "200Mibit", "9999999999Gbit"})
  void parse_nonsense_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bandwidth.parse(text))
        .withMessageContaining("bandwidth");
  }

  @Test
  void timeFor_oneSecondsBytes_isOneSecond() {
    assertThat(Bandwidth.parse("200Mbit").timeFor(25_000_000)).isEqualTo(Duration.ofSeconds(1));
  }
}
