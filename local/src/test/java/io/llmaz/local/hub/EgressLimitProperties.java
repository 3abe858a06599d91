package io.llmaz.local.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class EgressLimitProperties {
  private static final Bandwidth LINK = new Bandwidth(1_000_000);

  @Property
  void reserve_busyLink_neverSendsMoreThanTheLinkAndABurst(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 1, max = 32_768) Integer> chunks) {
    EgressLimit limit = EgressLimit.of(LINK, 0);
    long sent = 0;
    long now = 0;
    for (int chunk : chunks) {
      now += limit.reserve(now, chunk);
      sent += chunk;
    }
    assertThat(sent).isLessThanOrEqualTo(now / 1000 + 20_000 + chunks.size());
  }

  @Property
  void reserve_waitingSenders_areLetGoOneAfterAnother(
      @ForAll @Size(min = 2, max = 50) List<@IntRange(min = 1000, max = 32_768) Integer> chunks) {
    EgressLimit limit = EgressLimit.of(LINK, 0);
    limit.reserve(0, 32_768);
    long before = 0;
    for (int chunk : chunks) {
      long wait = limit.reserve(0, chunk);
      assertThat(wait).isGreaterThan(before);
      before = wait;
    }
  }
}
