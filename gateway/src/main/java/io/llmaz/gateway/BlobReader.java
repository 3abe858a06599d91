package io.llmaz.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmaz.source.BundleWriter;
import io.llmaz.source.ByteRange;
import io.llmaz.source.BytesFrom;
import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.Source;
import io.llmaz.source.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes of files, each read from its source as seldom as memory allows.
 *
 * <ul>
 *   <li>A small file is read once, checked against its digest, and kept.
 *   <li>Anything else is read in blocks that everybody shares for a while ({@link BlockCache}),
 *       from a seed where one holds it ({@link SeedReads}), and else from the source, of which disk
 *       keeps what was read last ({@link Spool}).
 *   <li>Who found bytes wrong is given the source's, past all of these.
 * </ul>
 *
 * Safe for many threads; called on virtual ones.
 */
final class BlobReader {
  private static final Logger log = LoggerFactory.getLogger(BlobReader.class);
  private static final long SMALL_FILE = BundleWriter.LARGEST_FILE;
  private static final int SHARE_OF_SMALL_FILES = 8; // One of so many parts of the memory.

  private final SourceFactory factory;
  private final Usages usages;
  private final Reports reports;
  private final SeedReads seeds;
  private final Cache<String, byte[]> small;
  private final Cache<String, Source> sources;
  private final BlockCache blocks;
  private final @Nullable Spool spool;

  /**
   * Nothing read yet.
   *
   * @param spool null when nothing is to be kept on disk
   */
  BlobReader(
      SourceFactory factory,
      Usages usages,
      Reports reports,
      SeedReads seeds,
      long cacheBytes,
      @Nullable Spool spool) {
    this.spool = spool;
    this.seeds = seeds;
    this.factory = factory;
    this.usages = usages;
    this.reports = reports;
    this.small =
        Caffeine.newBuilder()
            .maximumWeight(cacheBytes / SHARE_OF_SMALL_FILES)
            .weigher((String key, byte[] content) -> content.length + key.length())
            .build();
    this.blocks = new BlockCache(cacheBytes - cacheBytes / SHARE_OF_SMALL_FILES);
    this.sources =
        Caffeine.newBuilder().maximumSize(1000).expireAfterAccess(Duration.ofHours(6)).build();
  }

  /**
   * A way to write a range of a file; opened before headers are sent, so that errors have a status.
   */
  interface Body extends Closeable {
    void copyTo(OutputStream out) throws IOException;
  }

  private record Content(byte[] bytes, ByteRange range) implements Body {
    @Override
    public void copyTo(OutputStream out) throws IOException {
      out.write(bytes, (int) range.start(), (int) range.length());
    }

    @Override
    public void close() {}
  }

  /** Counts a reader that got its links elsewhere. */
  void expect(GatewayTask task, InetAddress reader) {
    usages.of(task.name()).linksGivenTo(Optional.of(reader.getHostAddress()));
  }

  /** Whether a file is read in parts; others are read whole, once. */
  static boolean isLarge(ManifestFile file) {
    return file.size() > SMALL_FILE;
  }

  /**
   * Opens a range.
   *
   * @param reader for whom
   * @param from who may give it; empty for whoever has it
   * @throws SourceException when the source does not give it
   * @throws GatewayException when the task's byte budget is spent
   */
  Body open(
      GatewayTask task,
      ManifestFile file,
      ByteRange range,
      InetAddress reader,
      Optional<BytesFrom> from)
      throws IOException {
    if (!isLarge(file)) {
      return new Content(whole(task, file), range);
    }
    TaskUsage usage = usages.of(task.name());
    String key = file.contentKey();
    BlockRead.Origin source = part -> openSource(task, file, part);
    BlockRead.Origin origin = spool == null ? source : spool.over(key, file.size(), source);
    if (from.equals(Optional.of(BytesFrom.SOURCE))) {
      if (spool != null) {
        spool.forget(key);
      }
      key += " of its source";
      origin = source;
    } else if (from.isEmpty()) {
      Optional<String> seed = seeds.seedOf(task, file, reader);
      if (seed.isPresent()) {
        BlockRead.Origin otherwise = origin;
        // Who finds a seed's bytes wrong asks for the source's, and must not get those.
        key += " of " + seed.get();
        origin = part -> seeds.open(seed.get(), task, file, part, usage, otherwise);
      }
    }
    BlockRead read = new BlockRead(blocks, key, file.size(), range, origin, usage);
    read.begin();
    return read;
  }

  /**
   * A small file, from memory if it is there; its digest was checked.
   *
   * @throws SourceException when the source does not give it, or something else
   * @throws GatewayException when the task's byte budget is spent
   */
  byte[] whole(GatewayTask task, ManifestFile file) {
    boolean hit = small.getIfPresent(file.contentKey()) != null;
    byte[] content = small.get(file.contentKey(), key -> readWhole(task, file));
    usages.of(task.name()).served(content.length, hit);
    return content;
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
    try {
      usage.check(task.manifest().totalSize());
    } catch (GatewayException e) {
      if (usage.firstTold()) {
        log.error("{}", e.getMessage());
        reports.record(
            task, new Report(true, "ByteBudgetSpent", String.valueOf(e.getMessage()), "gateway"));
      }
      throw e;
    }
    Source source =
        sources.get(
            task.name() + "@" + task.manifest().revision(), key -> factory.of(task.spec(), usage));
    return source.open(task.manifest().revision(), file, range);
  }
}
