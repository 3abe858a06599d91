package io.llmaz.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmaz.source.BulkInputStream;
import io.llmaz.source.ByteRange;
import io.llmaz.source.BytesFrom;
import io.llmaz.source.HttpFile;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files from the seeds that hold them. Who comes to the gateway for a file that was
 * distributed comes for lack of peers (a node that Dragonfly's scheduler does not know after its
 * restart, a pod whose node has no daemon), and the source need not be read again for that.
 *
 * <ol>
 *   <li>The seed is asked through its HTTP proxy, under the file's content key, for a link of ours
 *       that reads no source ({@link BytesFrom#PEERS}): so a seed that lost the file says so.
 *   <li>A seed that does not give it is not asked again for a while, and the source is.
 *   <li>One that breaks off is followed by the source from the byte where it stopped.
 * </ol>
 *
 * <p>A seed that itself asks is given the source: it brings back what it lost. Safe for many
 * threads.
 */
final class SeedReads {
  private static final Logger log = LoggerFactory.getLogger(SeedReads.class);
  private static final Duration LEFT_ALONE = Duration.ofSeconds(30);
  private static final int MOST_SEEDS = 100;

  private final LinkSigner links;
  private final URI base;
  private final int proxyPort;
  private final Cache<String, OriginHttp> proxies =
      Caffeine.newBuilder().maximumSize(MOST_SEEDS).build();
  private final Cache<String, Boolean> leftAlone =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(LEFT_ALONE).build();

  /**
   * Of a gateway.
   *
   * @param base with which links begin
   * @param proxyPort of seeds
   */
  SeedReads(LinkSigner links, URI base, int proxyPort) {
    this.links = links;
    this.base = base;
    this.proxyPort = proxyPort;
  }

  /**
   * The seed to ask for a file; empty when none has it, it lately did not give it, or it is the one
   * who asks (as far as its address tells: one that is behind a translation of addresses is asked
   * in vain once).
   */
  Optional<String> seedOf(GatewayTask task, ManifestFile file, InetAddress reader) {
    return task.seedOf(file)
        .map(address -> address.substring(0, address.lastIndexOf(':')))
        .filter(host -> !reader.equals(proxy(host).getAddress()))
        .filter(host -> leftAlone.getIfPresent(host) == null)
        .filter(host -> leftAlone.getIfPresent(about(host, file)) == null);
  }

  /**
   * Opens a range at a seed, or else at the source.
   *
   * @throws RuntimeException as the source's
   */
  InputStream open(
      String seed,
      GatewayTask task,
      ManifestFile file,
      ByteRange range,
      TaskUsage usage,
      BlockRead.Origin source) {
    try {
      InputStream held = heldFile(seed, task, file).open(range);
      return new SeedStream(
          held,
          range,
          count -> usage.fromSeed(seed, count),
          rest -> instead(seed, task, file, source, rest));
    } catch (SourceException e) {
      // A refusal is about this file, silence about the seed.
      leftAlone.put(e.kind() == SourceException.Kind.TRANSIENT ? seed : about(seed, file), true);
      log.info(
          "task {}: seed {} does not give {}: {}", task.name(), seed, file.path(), e.getMessage());
      return source.open(range);
    }
  }

  private InputStream instead(
      String seed, GatewayTask task, ManifestFile file, BlockRead.Origin source, ByteRange rest) {
    leftAlone.put(seed, true);
    log.info("task {}: seed {} broke off in {}", task.name(), seed, file.path());
    return source.open(rest);
  }

  private HttpFile heldFile(String seed, GatewayTask task, ManifestFile file) {
    OriginHttp http = proxies.get(seed, host -> OriginHttp.throughDfdaemon(proxy(host), "gateway"));
    return HttpFile.throughDfdaemon(
        http,
        BytesFrom.PEERS.narrow(links.link(base, task, file)),
        file.contentKey(),
        file.path(),
        file.size());
  }

  private InetSocketAddress proxy(String seed) {
    return new InetSocketAddress(seed, proxyPort);
  }

  private static String about(String seed, ManifestFile file) {
    return seed + "\n" + file.contentKey();
  }

  /** A seed's bytes, and the source's after those. For one thread. */
  private static final class SeedStream extends BulkInputStream {
    private final IntConsumer counter;
    private final BlockRead.Origin source;
    private final long end;
    private InputStream in;
    private long position;
    private boolean fromSeed = true;

    SeedStream(InputStream seed, ByteRange range, IntConsumer counter, BlockRead.Origin source) {
      this.in = seed;
      this.position = range.start();
      this.end = range.end();
      this.counter = counter;
      this.source = source;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (!fromSeed) {
        return in.read(bytes, offset, length);
      }
      try {
        int count = in.read(bytes, offset, length);
        if (count > 0) {
          position += count;
          counter.accept(count);
        }
        return count;
      } catch (IOException e) {
        fromSeed = false;
        in.close();
        in = source.open(new ByteRange(position, end - position));
        return in.read(bytes, offset, length);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
