package io.llmaz.cli.dfget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class DfgetValuesProperties {
  @Property(tries = 100)
  void pieceLength_anyMebibytes_areBytes(@ForAll @IntRange(min = 4, max = 100_000) int mebibytes) {
    assertThat(DfgetValues.pieceLength(mebibytes + "MiB")).isEqualTo((long) mebibytes << 20);
  }

  @Property(tries = 200)
  void values_anyText_areReadOrRefusedByName(@ForAll String text) {
    try {
      assertThat(DfgetValues.duration(text)).isPositive();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining(text);
    }
  }

  @Example
  void duration_units_areDragonflys() {
    assertThat(DfgetValues.duration("2h")).isEqualTo(Duration.ofHours(2));
    assertThat(DfgetValues.duration("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThatThrownBy(() -> DfgetValues.duration("0s")).hasMessageContaining("0s");
    assertThatThrownBy(() -> DfgetValues.pieceLength("3mib")).hasMessageContaining("4mib");
    assertThatThrownBy(() -> DfgetValues.pieceLength("999999999999gib"))
        .hasMessageContaining("999999999999gib");
  }
}
