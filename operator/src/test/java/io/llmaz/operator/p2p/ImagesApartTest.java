package io.llmaz.operator.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.TaskKeys;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ImagesApartTest {
  private static final TaskKeys KEYS = TaskKeys.ofAddresses(URI.create("http://gateway"));

  private final TestingEngine models = new TestingEngine(KEYS);
  private final TestingEngine images = new TestingEngine(TaskKeys.CONTENT);
  private final DistributionEngine both = new ImagesApart(models, images);

  @Test
  void distribute_modelAndImage_goTheirWays() {
    FileTask file = new FileTask(URI.create("http://g/f"), "key", Map.of());
    FileTask blob =
        new FileTask(URI.create("http://g/v2/i/blobs/sha256:" + "ab".repeat(32)), null, Map.of());

    var unused = List.of(both.distribute(file, p -> {}), both.distribute(blob, p -> {}));

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

  private static final class TestingEngine implements DistributionEngine {
    private final TaskKeys keys;
    private final List<FileTask> asked = new ArrayList<>();
    private boolean closed;

    TestingEngine(TaskKeys keys) {
      this.keys = keys;
    }

    @Override
    public CompletableFuture<Progress> distribute(FileTask task, Consumer<Progress> listener) {
      asked.add(task);
      return new CompletableFuture<>();
    }

    @Override
    public Optional<Progress> stat(String taskId) {
      return Optional.empty();
    }

    @Override
    public void delete(String taskId) {}

    @Override
    public boolean available() {
      return true;
    }

    @Override
    public TaskKeys keys() {
      return keys;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
