package io.llmaz.dragonfly;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.llmaz.dragonfly.EngineException.Reason;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of our connections, from files that are looked at again each minute. A file that
 * cannot be read afterwards leaves the last good one in force. Safe for use by many threads.
 */
final class MutualTls implements AutoCloseable {
  private static final Duration REREAD = Duration.ofMinutes(1);

  private final TlsFiles files;
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dragonfly-certificates").factory());
  private @Nullable ChannelCredentials credentials; // Guarded by this.

  MutualTls(TlsFiles files) {
    this.files = files;
  }

  TlsFiles files() {
    return files;
  }

  /**
   * The credentials.
   *
   * @throws EngineException unavailable, while the files cannot be read or used
   */
  synchronized ChannelCredentials credentials() {
    if (credentials == null) {
      try {
        credentials = read();
      } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
        throw new EngineException(
            Reason.UNAVAILABLE,
            "the certificates in %s cannot be used: %s"
                .formatted(files.directory(), e.getMessage()),
            0,
            e);
      }
    }
    return credentials;
  }

  private ChannelCredentials read() throws IOException, GeneralSecurityException {
    AdvancedTlsX509KeyManager own = new AdvancedTlsX509KeyManager();
    AdvancedTlsX509TrustManager theirs = AdvancedTlsX509TrustManager.newBuilder().build();
    var unusedKey =
        own.updateIdentityCredentials(
            files.certificate().toFile(),
            files.key().toFile(),
            REREAD.toSeconds(),
            TimeUnit.SECONDS,
            reader);
    var unusedTrust =
        theirs.updateTrustCredentials(
            files.authority().toFile(), REREAD.toSeconds(), TimeUnit.SECONDS, reader);
    return TlsChannelCredentials.newBuilder().keyManager(own).trustManager(theirs).build();
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
