package io.llmaz.dragonfly;

import io.llmaz.source.ManifestFile;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * From what the id of a file's task is made. Whoever asks for a file, a seed, a node or a loader,
 * has to name it as it was seeded.
 *
 * <p>{@link #CONTENT} is the rule: the id comes from the content key alone. The manager's open API
 * takes no content (type {@code preheat}, Dragonfly 2.5.1). There the id comes from the address
 * without the query parameters that the job leaves out, then the job's tag, then the word {@code
 * STANDARD}, hashed in a row (reference: {@code idgen.TaskIDV2ByURLBased} of Dragonfly, {@code
 * IDGenerator::task_id} of its client). The content key is the tag, and all three in a row are a
 * content that gives daemons the same id. So equal bytes are one task there too, as long as the
 * gateway keeps its address.
 */
public final class TaskKeys {
  /** The content key alone. */
  public static final TaskKeys CONTENT = new TaskKeys(Optional.empty());

  private static final String STANDARD = "STANDARD";

  private final Optional<URI> gateway;

  private TaskKeys(Optional<URI> gateway) {
    this.gateway = gateway;
  }

  /**
   * Also by the gateway's address, as the manager's open API has it.
   *
   * @param gateway with which its links begin
   */
  public static TaskKeys ofAddresses(URI gateway) {
    return new TaskKeys(Optional.of(gateway));
  }

  /** {@code content_for_calculating_task_id} of a model's file. */
  public String of(ManifestFile file) {
    return gateway
        .map(base -> address(URI.create(base + file.blobPath())) + file.contentKey() + STANDARD)
        .orElseGet(file::contentKey);
  }

  /**
   * The tag with which a job of this address makes the task of this key; empty when none does.
   *
   * @param key as {@link #of} makes it
   */
  static Optional<String> tag(URI url, String key) {
    String address = address(url);
    return key.startsWith(address)
            && key.endsWith(STANDARD)
            && key.length() > address.length() + STANDARD.length()
        ? Optional.of(key.substring(address.length(), key.length() - STANDARD.length()))
        : Optional.empty();
  }

  /** As a daemon writes an address without its query (WHATWG's rules, then no lone slash). */
  private static String address(URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    String port = url.getPort() < 0 || url.getPort() == usual ? "" : ":" + url.getPort();
    String path = url.getRawPath().equals("/") ? "" : url.getRawPath();
    return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + port + path;
  }
}
