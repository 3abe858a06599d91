package io.llmaz.loader;

import io.llmaz.dragonfly.EngineException;
import io.llmaz.dragonfly.FileTask;
import io.llmaz.dragonfly.NodeDaemon;
import io.llmaz.dragonfly.TaskKeys;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The node's dfdaemon by its unix socket (reference: {@code Download.output_path} and {@code
 * force_hard_link} of {@code dfdaemon.v2.DfdaemonDownload}). A copy instead of a link is refused:
 * the proxy then brings the bytes with less work. Connects at the first file. Safe for many
 * threads.
 */
final class LinkingDaemon implements LinkedFiles.Daemon {
  /** As long as the proxy may be silent. */
  private static final Duration STALL = Duration.ofSeconds(20);

  private final LoaderSettings.DaemonSocket socket;
  private final Path root;
  private final Map<String, URI> addresses;
  private final TaskKeys keys;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable NodeDaemon connected;

  /**
   * Nothing is connected yet.
   *
   * @param root the model root as this process sees it
   * @param addresses of files, by path
   * @param keys how tasks are named
   */
  LinkingDaemon(
      LoaderSettings.DaemonSocket socket, Path root, Map<String, URI> addresses, TaskKeys keys) {
    this.socket = socket;
    this.root = root;
    this.addresses = Map.copyOf(addresses);
    this.keys = keys;
  }

  @Override
  public void link(ManifestFile file, Path place, LongConsumer arrived) {
    URI address = addresses.get(file.path());
    if (address == null) {
      throw new SourceException(
          SourceException.Kind.BUG, "the gateway gave no link for " + file.path());
    }
    try {
      var _ =
          daemon()
              .link(
                  new FileTask(address, keys.of(file), Map.of()),
                  socket.root().resolve(root.relativize(place).toString()),
                  STALL,
                  progress -> arrived.accept(progress.completedLength()));
      arrived.accept(file.size()); // Of a file that was there no pieces are told.
    } catch (EngineException e) {
      throw new SourceException(SourceException.Kind.TRANSIENT, String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException(SourceException.Kind.TRANSIENT, "stopped", e);
    }
  }

  private NodeDaemon daemon() {
    lock.lock();
    try {
      NodeDaemon daemon = connected == null ? NodeDaemon.at(socket.path()) : connected;
      connected = daemon;
      return daemon;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (connected != null) {
        connected.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
