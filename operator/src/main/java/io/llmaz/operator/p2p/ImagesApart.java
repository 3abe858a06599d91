package io.llmaz.operator.p2p;

import io.llmaz.dragonfly.DistributionEngine;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.TaskKeys;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Models through Dragonfly's manager, and to the seeds themselves what it cannot name: an image's
 * blobs. What is asked by id the seeds answer, who know every task.
 */
record ImagesApart(DistributionEngine models, DistributionEngine images)
    implements DistributionEngine {
  @Override
  public CompletableFuture<Progress> distribute(FileTask task, Consumer<Progress> listener) {
    return (task.contentKey() == null ? images : models).distribute(task, listener);
  }

  @Override
  public Optional<Progress> stat(String taskId) {
    return images.stat(taskId);
  }

  @Override
  public void delete(String taskId) {
    images.delete(taskId);
  }

  @Override
  public boolean available() {
    return models.available();
  }

  @Override
  public TaskKeys keys() {
    return models.keys();
  }

  @Override
  public void close() {
    models.close();
    images.close();
  }
}
