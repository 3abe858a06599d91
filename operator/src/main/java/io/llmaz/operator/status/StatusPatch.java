package io.llmaz.operator.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;

/**
 * Writes an object's status and looks at the object once more. The SDK (5.3) holds back the events
 * that arrive while it writes and drops those older than its own write: what a user changed between
 * our look and our write would never be seen
 * (https://github.com/operator-framework/java-operator-sdk/issues/3398). The second look reads
 * caches alone, and writes nothing when nothing changed: a status given here must not depend on the
 * moment.
 */
public final class StatusPatch {
  private StatusPatch() {}

  /**
   * The control that does so.
   *
   * @param object its identity and the status, nothing else
   */
  public static <P extends HasMetadata> UpdateControl<P> of(P object) {
    return UpdateControl.patchStatus(object).rescheduleAfter(Duration.ZERO);
  }
}
