package io.llmaz.local.engine.transfer;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Peer;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.SyncPiecesRequest;
import io.llmaz.dragonfly.api.dfdaemon.SyncPiecesResponse;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** gRPC connections to other nodes' upload ports, one a node, kept while they are used. */
final class ParentChannels implements Closeable {
  private final Function<InetSocketAddress, ManagedChannel> connect;
  private final String hostId;
  private final Map<InetSocketAddress, ManagedChannel> channels = new ConcurrentHashMap<>();

  ParentChannels(Function<InetSocketAddress, ManagedChannel> connect, String hostId) {
    this.connect = connect;
    this.hostId = hostId;
  }

  /** Told by one parent's stream, one call at a time. */
  interface Offers {
    void offered(SyncPiecesResponse piece);

    /** No more will come: all was offered, or the parent is away. */
    void ended();
  }

  /** Asks a parent for the pieces it has and will have; closing ends the question. */
  AutoCloseable syncPieces(Peer parent, String taskId, List<Integer> numbers, Offers offers) {
    var host = parent.getHost();
    ManagedChannel channel =
        channels.computeIfAbsent(new InetSocketAddress(host.getIp(), host.getPort()), connect);
    ClientCall<SyncPiecesRequest, SyncPiecesResponse> call =
        channel.newCall(DfdaemonUploadGrpc.getSyncPiecesMethod(), CallOptions.DEFAULT);
    SyncPiecesRequest request =
        SyncPiecesRequest.newBuilder()
            .setHostId(hostId)
            .setTaskId(taskId)
            .addAllInterestedPieceNumbers(numbers)
            .build();
    ClientCalls.asyncServerStreamingCall(
        call,
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(SyncPiecesResponse piece) {
            offers.offered(piece);
          }

          @Override
          public void onError(Throwable error) {
            offers.ended();
          }

          @Override
          public void onCompleted() {
            offers.ended();
          }
        });
    return () -> call.cancel("no more pieces are wanted", null);
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }
}
