package io.llmaz.local.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ServedRangesProperties {

  @Property
  void bytes_anyRanges_isTheSizeOfTheirUnion(
      @ForAll List<@IntRange(min = 0, max = 99) Integer> starts,
      @ForAll @IntRange(min = 0, max = 30) int length) {
    ServedRanges ranges = new ServedRanges();
    BitSet union = new BitSet();
    for (int start : starts) {
      int end = start + (length * (start % 3)) / 2;
      ranges.add(start, end);
      union.set(start, end);
    }
    assertThat(ranges.bytes()).isEqualTo(union.cardinality());
  }
}
