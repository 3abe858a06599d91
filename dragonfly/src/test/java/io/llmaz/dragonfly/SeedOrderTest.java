package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beside answers of {@code stathat.com/c/consistent} 1.0.0, which Dragonfly's scheduler uses. */
class SeedOrderTest {
  @ParameterizedTest
  @CsvSource({"1, '1 1 1 1 1 1'", "2, '2 2 2 1 2 2'", "3, '3 2 2 1 2 2'", "5, '3 2 4 1 5 4'"})
  void of_tasks_beginsWithTheSeedOfDragonflysRing(int count, String hosts) {
    List<SeedAddress> seeds =
        IntStream.rangeClosed(1, count)
            .mapToObj(host -> new SeedAddress("10.0.0." + host, 4000))
            .toList();

    List<String> chosen =
        IntStream.range(0, 6)
            .mapToObj(task -> SeedOrder.of(TaskIds.ofContent("t" + task), seeds).getFirst())
            .map(seed -> seed.host().substring("10.0.0.".length()))
            .toList();

    assertThat(String.join(" ", chosen)).isEqualTo(hosts);
  }
}
