package io.llmaz.dragonfly;

import io.llmaz.dragonfly.api.common.Download;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One file to distribute.
 *
 * @param url where the engine reads it: a signed link of the gateway, or the hub's own
 * @param contentKey the identity of the bytes, from which the task id is computed; null when the
 *     URL is a registry's blob, whose digest is the id (reference: Dragonfly's {@code
 *     enable_task_id_based_blob_digest})
 * @param headers sent to the source with each request; holds no secret in our own use
 */
public record FileTask(URI url, @Nullable String contentKey, Map<String, String> headers) {
  public FileTask {
    Objects.requireNonNull(url, "url is null");
    headers = Map.copyOf(headers);
  }

  /** Dragonfly's id of this task: 64 hex digits. */
  public String taskId() {
    return contentKey != null ? TaskIds.ofContent(contentKey) : TaskIds.ofBlobUrl(url.toString());
  }

  /** What is asked of a daemon, in Dragonfly's words. */
  Download.Builder download() {
    Download.Builder download =
        Download.newBuilder().setUrl(url.toString()).putAllRequestHeader(headers);
    return contentKey == null
        ? download.setEnableTaskIdBasedBlobDigest(true)
        : download.setContentForCalculatingTaskId(contentKey);
  }
}
