package io.llmaz.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import io.llmaz.dragonfly.TaskKeys;
import io.llmaz.source.ManifestFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void parse_manager_isEnoughAndNamesTasksByAddresses() {
    GlobalConfig.P2p p2p =
        GlobalConfig.parse(
                """
                p2p:
                  enabled: true
                  gateway: http://g:8088
                  manager: {address: 'https://m:8080', token-file: /t, ca-file: /ca, scheduler-clusters: [1, 3]}
                """)
            .p2p();

    assertThat(p2p.manager())
        .isEqualTo(
            new GlobalConfig.Manager(
                URI.create("https://m:8080"), Path.of("/t"), Path.of("/ca"), List.of(1L, 3L)));
    ManifestFile file = ManifestFile.unverified("a", 1, "o");
    assertThat(p2p.keys().of(file))
        .isEqualTo(TaskKeys.ofAddresses(URI.create("http://g:8088")).of(file));
  }

  @Test
  void parse_withoutManager_namesTasksByContent() {
    assertThat(
            GlobalConfig.parse("p2p: {enabled: true, gateway: 'http://g', scheduler: 's:8002'}")
                .p2p()
                .keys())
        .isSameAs(TaskKeys.CONTENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "manager: {token-file: /t} | p2p.manager.address is needed",
        "manager: {address: 'm:8080', token-file: /t} | p2p.manager.address is no http(s) address",
        "manager: {address: 'http://u:p@m', token-file: /t} | p2p.manager.address has a user or a query",
        "manager: {address: 'http://m'} | p2p.manager.token-file is no absolute path",
        "manager: {address: 'http://m', token-file: t} | p2p.manager.token-file is no absolute path",
        "manager: {address: 'http://m', token-file: /t, ca-file: ca} | p2p.manager.ca-file",
        "manager: {address: 'http://m', token-file: /t, scheduler-clusters: [a]} | p2p.manager.scheduler-clusters",
        "manager: {address: 'http://m', token-file: /t, scheduler-clusters: 1} | p2p.manager.scheduler-clusters",
        "manager: m | p2p.manager is no mapping"
      })
  void parse_wrongManager_saysWhichKey(String manager, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GlobalConfig.parse("p2p: {" + manager + "}"))
        .withMessageContaining(message);
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
