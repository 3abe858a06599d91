package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.api.common.Priority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dragonfly's priorities: what is done when a file is wanted for the first time. */
final class PriorityTest {
  @Test
  void register_level1_isForbidden() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed").holds("h");

    swarm.register("a", Priority.LEVEL1);

    assertThat(swarm.heard("a")).containsExactly("refused");
    assertThat(swarm.register("b").heard("b")).as("it took no place").contains("feed from h");
  }

  @Test
  void register_level1OfASeed_isItsOwnAffair() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed").register("a");

    swarm.register("seed", Priority.LEVEL1);

    assertThat(swarm.heard("seed")).containsExactly("read the source");
  }

  @Test
  void register_level2AndNobodyHasIt_isNotFoundAndNobodyIsAsked() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed");

    swarm.register("a", Priority.LEVEL2);

    assertThat(swarm.heard("a")).containsExactly("not found");
    assertThat(swarm.askedSeeds).isEmpty();
    assertThat(swarm.knowsTheFile()).as("nothing is kept of what was refused").isFalse();
  }

  @Test
  void register_level2AndSomebodyHasIt_isFed() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed").holds("h");

    swarm.register("a", Priority.LEVEL2);

    assertThat(swarm.heard("a")).containsExactly("feed from h");
  }

  @Test
  void register_level2AndASeedBringsItInForAnother_waits() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed").register("a");

    swarm.register("b", Priority.LEVEL2).holds("seed").finishes("a");

    assertThat(swarm.heard("b")).containsExactly("feed from a");
  }

  @Test
  void register_level3AndNobodyHasIt_readsTheSourceAndNoSeedIsAsked() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed");

    swarm.register("a", Priority.LEVEL3).register("b", Priority.LEVEL3).piece("a", "");

    assertThat(swarm.heard("a")).containsExactly("read the source");
    assertThat(swarm.heard("b")).containsExactly("feed from a");
    assertThat(swarm.askedSeeds).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"LEVEL0", "LEVEL4", "LEVEL5", "LEVEL6"})
  void register_otherLevelsAndNobodyHasIt_aSeedIsAsked(Priority priority) {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed");

    swarm.register("a", priority);

    assertThat(swarm.heard("a")).isEmpty();
    assertThat(swarm.askedSeeds).containsExactly("seed");
  }
}
