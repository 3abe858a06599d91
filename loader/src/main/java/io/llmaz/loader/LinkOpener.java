package io.llmaz.loader;

import io.llmaz.dragonfly.TaskKeys;
import io.llmaz.source.ByteRange;
import io.llmaz.source.BytesFrom;
import io.llmaz.source.HttpFile;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.SourceException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens the gateway's links, directly or through the node's daemon, which wants its headers. Safe
 * for many threads.
 */
final class LinkOpener implements Way.Opener {
  private final OriginHttp http;
  private final Map<String, URI> addresses;
  private final Optional<TaskKeys> p2p;
  private final Map<String, HttpFile> files = new ConcurrentHashMap<>();

  /**
   * For some files.
   *
   * @param addresses of files, by path
   * @param p2p how the daemon is to name the files; empty when none is between
   */
  LinkOpener(OriginHttp http, Map<String, URI> addresses, Optional<TaskKeys> p2p) {
    this.http = http;
    this.addresses = addresses;
    this.p2p = p2p;
  }

  @Override
  public InputStream open(ManifestFile file, ByteRange range) {
    URI address = addresses.get(file.path());
    if (address == null) {
      throw new SourceException(
          SourceException.Kind.BUG, "the gateway gave no link for " + file.path());
    }
    return files.computeIfAbsent(file.path(), path -> at(address, file)).open(range);
  }

  /** From now on a file comes from its source and from no seed, as what came was wrong. */
  void distrust(ManifestFile file) {
    URI address = addresses.get(file.path());
    if (address != null) {
      files.put(file.path(), at(BytesFrom.SOURCE.narrow(address), file));
    }
  }

  private HttpFile at(URI address, ManifestFile file) {
    return p2p.map(keys ->
            HttpFile.throughDfdaemon(http, address, keys.of(file), file.path(), file.size()))
        .orElseGet(() -> new HttpFile(http, address, Map.of(), file.path(), file.size()));
  }
}
