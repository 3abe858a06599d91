package io.llmaz.api.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SeedHoldingsTest {
  @Test
  void toJson_filesOfTwoSeeds_namesEachSeedOnceInOrder() {
    SeedHoldings holdings =
        new SeedHoldings(Map.of("b", "10.0.0.2:4000", "a", "10.0.0.2:4000", "c", "10.0.0.1:4000"));

    assertThat(holdings.toJson())
        .isEqualTo("{\"10.0.0.1:4000\":[\"c\"],\"10.0.0.2:4000\":[\"a\",\"b\"]}");
  }

  @Test
  void parse_whatWasWritten_isTheSame() {
    SeedHoldings holdings = new SeedHoldings(Map.of("d/\"w\".bin", "[fd00::1]:4000"));

    assertThat(SeedHoldings.parse(holdings.toJson())).isEqualTo(holdings);
  }

  @Test
  void parse_somethingElse_isRefused() {
    assertThatThrownBy(() -> SeedHoldings.parse("[]"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not what seeds hold");
  }
}
