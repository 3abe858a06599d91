package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"seed:4000", "10.0.0.1:1", "seed-0.seed.dragonfly.svc:65535", "[::1]:4000"})
  void parse_address_isWrittenTheSame(String text) {
    assertThat(SeedAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "seed",
        ":4000",
        "seed:",
        "seed:0",
        "seed:65536",
        "::1:4000",
        "a b:1",
        "http://s:1"
      })
  void parse_noAddress_saysWhat(String text) {
    assertThatThrownBy(() -> SeedAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s)not (host:port|a host|a port).*");
  }
}
