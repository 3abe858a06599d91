package io.llmaz.local.engine.transfer;

import io.llmaz.dragonfly.api.common.Download;
import java.net.URI;

/**
 * A wish for a task.
 *
 * @param taskId what it is, from {@link TaskIdentity}
 * @param download what was asked, as Dragonfly's message
 */
public record TransferRequest(String taskId, Download download) {
  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when its URL is not one of HTTP
   */
  public static TransferRequest of(Download download) {
    String scheme = URI.create(download.getUrl()).getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      throw new IllegalArgumentException(
          "only http and https sources are read here: "
              + TaskIdentity.withoutQuery(download.getUrl()));
    }
    return new TransferRequest(TaskIdentity.of(download), download);
  }
}
