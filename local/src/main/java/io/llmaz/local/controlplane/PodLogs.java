package io.llmaz.local.controlplane;

import java.io.IOException;
import java.io.OutputStream;

/** Where {@code kubectl logs} gets its lines: whoever runs the pods. */
@FunctionalInterface
public interface PodLogs {
  /** Nobody runs pods here. */
  PodLogs NONE = (namespace, pod, container, follow, out) -> {};

  /**
   * Writes a container's log.
   *
   * @param container empty for the only one
   * @param follow whether to go on until the container ends
   * @throws IOException when the reader went away
   */
  void copy(String namespace, String pod, String container, boolean follow, OutputStream out)
      throws IOException;
}
