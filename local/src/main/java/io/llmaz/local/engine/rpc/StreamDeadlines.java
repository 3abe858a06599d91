package io.llmaz.local.engine.rpc;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import java.util.Set;

/**
 * Takes the deadline off calls that last as long as a download. Dragonfly's Rust daemons send the
 * timeout of their channel (10 s) with every call, also with {@code SyncPieces} and {@code
 * SyncHost}, and mean only the answer's headers. A tracer factory is the one place where the
 * headers can be changed before grpc-java reads the deadline from them.
 */
final class StreamDeadlines extends ServerStreamTracer.Factory {
  private static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
  private static final Set<String> ENDLESS =
      Set.of(
          DfdaemonUploadGrpc.getSyncPiecesMethod().getFullMethodName(),
          DfdaemonUploadGrpc.getSyncHostMethod().getFullMethodName());

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    if (ENDLESS.contains(fullMethodName)) {
      headers.discardAll(TIMEOUT);
    }
    return new ServerStreamTracer() {};
  }
}
