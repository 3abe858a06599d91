package io.llmaz.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
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

  @Test
  void parse_prefetchLabels_areThose() {
    GlobalConfig config =
        GlobalConfig.parse("p2p: {prefetch: {node-selector: {gpu: 'true'}}, upload-port: 14000}");

    assertThat(config.p2p().prefetch()).containsExactly(entry("gpu", "true"));
    assertThat(config.p2p().uploadPort()).isEqualTo(14000);
  }

  @Test
  void parse_prefetchWithoutSelector_isRefusedAndNotAllNodes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GlobalConfig.parse("p2p: {prefetch: {nodeSelector: {gpu: 'true'}}}"))
        .withMessageContaining("p2p.prefetch.node-selector");
  }

  @Test
  void parse_prefetchOfEveryNode_hasNoLabels() {
    assertThat(GlobalConfig.parse("p2p: {prefetch: {node-selector: {}}}").p2p().prefetch())
        .isEmpty();
    assertThat(GlobalConfig.parse("p2p: {}").p2p().prefetch()).isNull();
  }

  @Test
  void parse_tls_isAFolderAndAName() {
    GlobalConfig config =
        GlobalConfig.parse("p2p: {tls: {directory: /etc/certificates, server-name: dfdaemon}}");

    assertThat(config.p2p().tls())
        .isEqualTo(new GlobalConfig.Tls(Path.of("/etc/certificates"), "dfdaemon"));
  }

  @Test
  void parse_tlsWithoutFolder_isRefusedAndNotInTheClear() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GlobalConfig.parse("p2p: {tls: {secret: dragonfly}}"))
        .withMessageContaining("p2p.tls.directory");
  }
}
