package io.llmaz.dragonfly;

import io.llmaz.source.ContentHasher;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How Dragonfly names tasks: two of the rules of its client, {@code dragonfly-client-util}. */
public final class TaskIds {
  private static final Pattern BLOB_URL =
      Pattern.compile("^(?:.*)://(?:.*)/v2/(?:.*)/blobs/sha256:([0-9a-f]{64})(?:\\?.*)?$");

  private TaskIds() {}

  /** The id of a task with {@code content_for_calculating_task_id}: its sha256 in hex. */
  public static String ofContent(String contentKey) {
    return ContentHasher.sha256(contentKey);
  }

  /**
   * The id of a registry's blob under {@code enable_task_id_based_blob_digest}: the digest itself.
   *
   * @throws IllegalArgumentException when the URL is not a registry's blob
   */
  public static String ofBlobUrl(String url) {
    Matcher matcher = BLOB_URL.matcher(url);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not the address of a registry's blob: " + url);
    }
    return matcher.group(1);
  }
}
