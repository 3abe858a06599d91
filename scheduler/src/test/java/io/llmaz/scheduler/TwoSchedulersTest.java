package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a scheduler does about tasks that another one had, which is lost. */
final class TwoSchedulersTest {
  @Test
  void register_taskOfAnotherScheduler_theSameSeedIsAsked() {
    TestingSwarm lost = new TestingSwarm().announceSeed("a").announceSeed("b").announceSeed("c");
    TestingSwarm stays = new TestingSwarm().announceSeed("c").announceSeed("a").announceSeed("b");
    lost.register("one");

    stays.register("two");

    assertThat(stays.askedSeeds).hasSize(1).isEqualTo(lost.askedSeeds);
    assertThat(stays.heard("two")).as("the seed is asked first").isEmpty();
  }

  @Test
  void register_seedHasTheFile_itFeedsAndIsAskedForNothing() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed");
    swarm.holders.add("seed");

    swarm.register("two");

    assertThat(swarm.heard("two")).containsExactly("feed from seed-task");
    assertThat(swarm.askedSeeds).isEmpty();
  }

  @Test
  void seed_bringsItInAndTellsThisScheduler_itFeeds() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed").register("two");

    swarm.holds("seed").seedEnds("seed");

    assertThat(swarm.heard("two")).containsExactly("feed from seed");
  }

  @Test
  void seed_bringsItInAndTellsAnotherScheduler_itFeeds() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed").register("two");
    swarm.holders.add("seed");

    swarm.seedEnds("seed");

    assertThat(swarm.heard("two")).containsExactly("feed from seed-task");
  }

  @Test
  void seed_thatWasFoundToHaveTheFileRegisters_isOneHolder() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed");
    swarm.holders.add("seed");
    swarm.register("two").holds("seed").finishes("two");

    swarm.register("three").register("four");

    assertThat(swarm.heard("three")).containsExactly("feed from two");
    assertThat(swarm.heard("four")).containsExactly("feed from seed");
  }

  @Test
  void seed_fails_thePeerReadsTheSource() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed").register("two");

    swarm.seedFails("seed");

    assertThat(swarm.heard("two")).containsExactly("read the source");
  }

  @Test
  void seed_saysThatItIsDoneAndHasNothing_isNotAskedAgainAndAgain() {
    TestingSwarm swarm = new TestingSwarm().announceSeed("seed").register("two");

    swarm.seedEnds("seed");

    assertThat(swarm.heard("two")).containsExactly("read the source");
    assertThat(swarm.askedSeeds).containsExactly("seed");
  }
}
