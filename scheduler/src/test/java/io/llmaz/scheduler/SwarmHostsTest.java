package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.api.common.Host;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SwarmHostsTest {
  private static final Instant LATER = Instant.EPOCH.plusSeconds(10);

  private final SwarmHosts hosts = new SwarmHosts();

  @Test
  void seeds_othersComeAndGo_areTheSameList() {
    hosts.announce(host("seed", 1), LATER);
    var before = hosts.seeds();

    hosts.announce(host("node", 0), LATER);
    hosts.remove("node");

    assertThat(hosts.seeds()).isSameAs(before).containsExactly(host("seed", 1));
  }

  @Test
  void announce_seedThatIsNoneAnyMore_isNoSeed() {
    assertThat(hosts.announce(host("a", 1), LATER)).isTrue();
    assertThat(hosts.announce(host("a", 0), LATER)).isFalse();

    assertThat(hosts.seeds()).isEmpty();
    assertThat(hosts.all()).containsExactly(host("a", 0));
  }

  @Test
  void remove_seed_isGoneEverywhere() {
    hosts.announce(host("seed", 1), LATER);

    assertThat(hosts.remove("seed")).isTrue();
    assertThat(hosts.remove("seed")).isFalse();

    assertThat(hosts.seeds()).isEmpty();
    assertThat(hosts.count()).isZero();
  }

  @Test
  void expired_silentTooLong_isNamed() {
    hosts.announce(host("a", 0), LATER);
    hosts.announce(host("b", 0), LATER.plusSeconds(1));

    assertThat(hosts.expired(LATER)).isEmpty();
    assertThat(hosts.expired(LATER.plusMillis(1))).containsExactly("a");
  }

  private static Host host(String id, int type) {
    return Host.newBuilder().setId(id).setType(type).build();
  }
}
