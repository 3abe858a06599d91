package io.llmaz.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmaz.source.BundleWriter;
import io.llmaz.source.ByteRange;
import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.Source;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bytes of files, each read from its source as seldom as memory allows.
 *
 * <ul>
 *   <li>A small file is read once, checked against its digest, and kept.
 *   <li>A range of a piece's size that several ask for at once is one read ({@link SharedRead}).
 *   <li>Anything else goes straight through.
 * </ul>
 *
 * Safe for many threads; called on virtual ones.
 */
final class BlobReader {
  private static final long SMALL_FILE = BundleWriter.LARGEST_FILE;
  private static final long SHARED_RANGE = 8L << 20;
  private static final int BUFFER = 128 * 1024;

  private final SourceFactory factory;
  private final Usages usages;
  private final Cache<String, byte[]> small;
  private final Cache<String, Source> sources;
  private final Map<String, SharedRead> reads = new ConcurrentHashMap<>();

  BlobReader(SourceFactory factory, Usages usages, long cacheBytes) {
    this.factory = factory;
    this.usages = usages;
    this.small =
        Caffeine.newBuilder()
            .maximumWeight(cacheBytes)
            .weigher((String key, byte[] content) -> content.length + key.length())
            .build();
    this.sources =
        Caffeine.newBuilder().maximumSize(1000).expireAfterAccess(Duration.ofHours(6)).build();
  }

  /**
   * A way to write a range of a file; opened before headers are sent, so that errors have a status.
   */
  interface Body {
    void copyTo(OutputStream out) throws IOException;
  }

  /**
   * Opens a range.
   *
   * @throws SourceException when the source does not give it
   * @throws GatewayException when the task's byte budget is spent
   */
  Body open(GatewayTask task, ManifestFile file, ByteRange range) {
    if (file.size() <= SMALL_FILE) {
      byte[] content = whole(task, file);
      return out -> out.write(content, (int) range.start(), (int) range.length());
    }
    if (range.length() <= SHARED_RANGE) {
      return shared(task, file, range)::copyTo;
    }
    InputStream stream = openSource(task, file, range);
    return out -> {
      try (stream) {
        byte[] buffer = new byte[BUFFER];
        int count;
        while ((count = stream.read(buffer)) > 0) {
          out.write(buffer, 0, count);
        }
      }
    };
  }

  /**
   * A small file, from memory if it is there; its digest was checked.
   *
   * @throws SourceException when the source does not give it, or something else
   * @throws GatewayException when the task's byte budget is spent
   */
  byte[] whole(GatewayTask task, ManifestFile file) {
    return small.get(file.contentKey(), key -> readWhole(task, file));
  }

  private SharedRead shared(GatewayTask task, ManifestFile file, ByteRange range) {
    String key = file.contentKey() + "@" + range.start() + "+" + range.length();
    SharedRead mine = new SharedRead();
    SharedRead other = reads.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    try {
      InputStream stream = openSource(task, file, range);
      Thread.ofVirtual()
          .name("read " + task.name())
          .start(() -> {
            try {
              mine.fill(stream);
            } finally {
              reads.remove(key, mine);
            }
          });
      return mine;
    } catch (RuntimeException e) {
      reads.remove(key, mine);
      mine.end(new IOException(e.getMessage(), e));
      throw e;
    }
  }

  private byte[] readWhole(GatewayTask task, ManifestFile file) {
    try (InputStream stream = openSource(task, file, ByteRange.all(file.size()))) {
      byte[] content = stream.readAllBytes();
      Digest expected = file.digest();
      if (expected != null) {
        ContentHasher hasher = ContentHasher.of(expected.algorithm(), file.size());
        hasher.update(content, 0, content.length);
        Digest actual = hasher.digest();
        if (!actual.equals(expected)) {
          throw new SourceException(
              SourceException.Kind.BUG,
              "%s of %s has digest %s, its source promised %s"
                  .formatted(file.path(), task.manifest().source(), actual, expected));
        }
      }
      return content;
    } catch (IOException e) {
      throw new SourceException(SourceException.Kind.TRANSIENT, String.valueOf(e.getMessage()), e);
    }
  }

  private InputStream openSource(GatewayTask task, ManifestFile file, ByteRange range) {
    TaskUsage usage = usages.of(task.name());
    usage.check(task.manifest().totalSize());
    Source source =
        sources.get(
            task.name() + "@" + task.manifest().revision(), key -> factory.of(task.spec(), usage));
    return source.open(task.manifest().revision(), file, range);
  }
}
