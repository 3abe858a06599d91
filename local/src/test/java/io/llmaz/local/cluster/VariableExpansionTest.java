package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariableExpansionTest {

  @ParameterizedTest
  @CsvSource({
    "$(A),1",
    "x$(A)y$(B),x1y$2",
    "$(C),$(C)",
    "$$(A),$(A)",
    "$$$(A),$1",
    "$(,$(",
    "$A,$A",
    "plain,plain",
  })
  void expand_references_asKubernetesDoes(String text, String expanded) {
    assertThat(VariableExpansion.expand(text, Map.of("A", "1", "B", "$2"))).isEqualTo(expanded);
  }
}
