package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SeedOrderProperties {
  @Property
  void of_anyOrderOfSeeds_isTheSame(
      @ForAll String task, @ForAll @IntRange(min = 1, max = 20) int count, @ForAll long random) {
    List<SeedAddress> shuffled = new ArrayList<>(seeds(count));
    Collections.shuffle(shuffled, new Random(random));

    assertThat(SeedOrder.of(task, shuffled))
        .isEqualTo(SeedOrder.of(task, seeds(count)))
        .containsExactlyInAnyOrderElementsOf(seeds(count));
  }

  @Property
  void of_seedLeaves_othersKeepTheirOrder(
      @ForAll String task,
      @ForAll @IntRange(min = 2, max = 20) int count,
      @ForAll @IntRange(max = 19) int leaves) {
    SeedAddress gone = seeds(count).get(leaves % count);
    List<SeedAddress> before = new ArrayList<>(SeedOrder.of(task, seeds(count)));
    before.remove(gone);

    Set<SeedAddress> left = Set.copyOf(before);

    assertThat(SeedOrder.of(task, left)).isEqualTo(before);
  }

  @Property(tries = 20)
  void of_manyTasks_givesEachSeedSome(@ForAll @IntRange(min = 2, max = 7) int count) {
    int tasks = 2000;

    Map<SeedAddress, Long> shares =
        IntStream.range(0, tasks)
            .mapToObj(task -> SeedOrder.of(TaskIds.ofContent("t" + task), seeds(count)).getFirst())
            .collect(Collectors.groupingBy(seed -> seed, Collectors.counting()));

    assertThat(shares).hasSize(count);
    assertThat(shares.values())
        .allSatisfy(share -> assertThat(share).isBetween(tasks / count / 4L, tasks * 2L / count));
  }

  private static List<SeedAddress> seeds(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(n -> new SeedAddress("10.0.0." + n, 4000))
        .toList();
  }
}
