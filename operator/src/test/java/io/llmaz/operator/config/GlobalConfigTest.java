package io.llmaz.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class GlobalConfigTest {
  @Test
  void parse_schedulerWithoutSeeds_isEnough() {
    GlobalConfig config =
        GlobalConfig.parse("p2p: {enabled: true, gateway: 'http://g', scheduler: 's:8002'}");

    assertThat(config.p2p().enabled()).isTrue();
    assertThat(config.p2p().scheduler()).isEqualTo("s:8002");
    assertThat(config.p2p().seeds()).isEmpty();
  }

  @Test
  void parse_neitherSchedulerNorSeeds_saysSo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GlobalConfig.parse("p2p: {enabled: true, gateway: 'http://g'}"))
        .withMessageContaining("p2p.seeds or p2p.scheduler");
  }
}
