package io.llmaz.local.engine.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

final class ByteRangeProperties {

  @Property
  void parse_ofBothEnds_isWithinTheFile(
      @ForAll @LongRange(max = 2000) long first,
      @ForAll @LongRange(max = 2000) long more,
      @ForAll @LongRange(min = 1, max = 1000) long size)
      throws Exception {
    String header = "bytes=" + first + "-" + (first + more);
    if (first >= size) {
      assertThatThrownBy(() -> ByteRange.parse(header, size))
          .isInstanceOf(ByteRange.UnsatisfiableException.class);
    } else {
      long length = Math.min(more + 1, size - first);
      assertThat(ByteRange.parse(header, size)).hasValue(new ByteRange(first, length));
    }
  }

  @Property
  void parse_ofASuffix_endsAtTheEnd(
      @ForAll @LongRange(min = 1, max = 2000) long suffix,
      @ForAll @LongRange(min = 1, max = 1000) long size)
      throws Exception {
    ByteRange range = ByteRange.parse("bytes=-" + suffix, size).orElseThrow();
    assertThat(range.last()).isEqualTo(size - 1);
    assertThat(range.length()).isEqualTo(Math.min(suffix, size));
  }

  @Property
  void parse_ofAnyText_neverLeavesTheFile(
      @ForAll String text, @ForAll @LongRange(max = 1000) long size) {
    try {
      ByteRange.parse("bytes=" + text, size)
          .ifPresent(range -> {
            assertThat(range.first()).isBetween(0L, size - 1);
            assertThat(range.last()).isBetween(range.first(), size - 1);
          });
    } catch (ByteRange.UnsatisfiableException expected) {
      assertThat(text).contains("-");
    }
  }

  @Example
  void parse_ofAnOpenEndAndOfSeveral_takesTheFirst() throws Exception {
    assertThat(ByteRange.parse("bytes=5-", 10)).hasValue(new ByteRange(5, 5));
    assertThat(ByteRange.parse("bytes=1-2, 5-6", 10)).hasValue(new ByteRange(1, 2));
    assertThat(ByteRange.parse("bytes=3-2", 10)).isEmpty();
    assertThat(ByteRange.parse(null, 10)).isEmpty();
  }
}
