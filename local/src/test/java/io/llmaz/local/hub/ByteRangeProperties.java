package io.llmaz.local.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class ByteRangeProperties {

  @Property
  void parse_rangeWithinTheContent_isThatRange(
      @ForAll @LongRange(min = 0, max = 1000) long start,
      @ForAll @LongRange(min = 0, max = 1000) long length)
      throws ByteRange.Unsatisfiable {
    long size = start + length + 1;
    assertThat(ByteRange.parse("bytes=" + start + "-" + (start + length), size))
        .contains(new ByteRange(start, size));
  }

  @Property
  void parse_anyHeader_staysWithinTheContent(
      @ForAll @LongRange(min = 0, max = 50) long from,
      @ForAll @LongRange(min = 0, max = 50) long to,
      @ForAll @LongRange(min = 1, max = 50) long size) {
    for (String header :
        new String[] {"bytes=" + from + "-" + to, "bytes=" + from + "-", "bytes=-" + to}) {
      try {
        ByteRange.parse(header, size)
            .ifPresent(range -> {
              assertThat(range.length()).isPositive();
              assertThat(range.end()).isLessThanOrEqualTo(size);
            });
      } catch (ByteRange.Unsatisfiable e) {
        assertThat(from >= size || to == 0).isTrue();
      }
    }
  }

  @Example
  void parse_startBehindTheEnd_isUnsatisfiable() {
    assertThatExceptionOfType(ByteRange.Unsatisfiable.class)
        .isThrownBy(() -> ByteRange.parse("bytes=5-", 5));
  }

  @Example
  void parse_severalRangesOrNonsense_isIgnored() throws ByteRange.Unsatisfiable {
    assertThat(ByteRange.parse("bytes=0-1,3-4", 10)).isEmpty();
    assertThat(ByteRange.parse("lines=0-1", 10)).isEmpty();
    assertThat(ByteRange.parse("bytes=4-2", 10)).isEmpty();
    assertThat(ByteRange.parse(null, 10)).isEmpty();
  }
}
