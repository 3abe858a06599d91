package io.llmaz.operator.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.TaskKeys;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ImagesApartTest {
  private static final TaskKeys KEYS = TaskKeys.ofAddresses(URI.create("http://gateway"));

  private final TestingEngine models = new TestingEngine();
  private final TestingEngine images = new TestingEngine();
  private final DistributionEngine both = new ImagesApart(models, images);

  ImagesApartTest() {
    models.keys = KEYS;
  }

  @Test
  void distribute_modelAndImage_goTheirWays() {
    FileTask file = new FileTask(URI.create("http://g/f"), "key", Map.of());
    FileTask blob =
        new FileTask(URI.create("http://g/v2/i/blobs/sha256:" + "ab".repeat(32)), null, Map.of());

    var _ = List.of(both.distribute(file, p -> {}), both.distribute(blob, p -> {}));

    assertThat(models.asked).containsExactly(file);
    assertThat(images.asked).containsExactly(blob);
    assertThat(both.keys()).isSameAs(KEYS);
  }

  @Test
  void close_both_areClosed() {
    both.close();

    assertThat(models.closed).isTrue();
    assertThat(images.closed).isTrue();
  }
}
