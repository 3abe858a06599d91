package io.llmaz.operator.inference;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/**
 * Passes what a user may have edited. The SDK's own filter looks at the generation alone, and
 * neither annotations (a roll asked for, a loader skipped) nor labels move that; our own writes of
 * the status still pass by.
 */
final class EditFilter implements OnUpdateFilter<HasMetadata> {
  @Override
  public boolean accept(HasMetadata now, HasMetadata before) {
    ObjectMeta next = now.getMetadata();
    ObjectMeta last = before.getMetadata();
    return !Objects.equals(next.getGeneration(), last.getGeneration())
        || !Objects.equals(next.getAnnotations(), last.getAnnotations())
        || !Objects.equals(next.getLabels(), last.getLabels())
        || !Objects.equals(next.getDeletionTimestamp(), last.getDeletionTimestamp());
  }
}
