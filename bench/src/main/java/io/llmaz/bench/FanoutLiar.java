package io.llmaz.bench;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.scheduler.AnnounceHostRequest;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerRequest;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerResponse;
import io.llmaz.dragonfly.api.scheduler.RegisterPeerRequest;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A peer of {@code bench/fanout --faults} that says it has the whole file and has nothing: whoever
 * connects to it is accepted and hears nothing more.
 */
final class FanoutLiar {
  private static final int UPLOAD_PORT = 4000;
  private static final String NAME = "liar";

  private FanoutLiar() {}

  /** {@code FanoutLiar ADDRESS SCHEDULER-HOST SCHEDULER-PORT TASK-ID}. */
  public static void main(String[] arguments) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(arguments[1], Integer.parseInt(arguments[2]))
            .usePlaintext()
            .build();
    try (ServerSocket server =
        new ServerSocket(UPLOAD_PORT, 0, InetAddress.getByName(arguments[0]))) {
      SchedulerGrpc.newBlockingStub(channel)
          .announceHost(
              AnnounceHostRequest.newBuilder()
                  .setHost(
                      Host.newBuilder()
                          .setId(NAME)
                          .setHostname(NAME)
                          .setIp(arguments[0])
                          .setPort(UPLOAD_PORT)
                          .setDownloadPort(UPLOAD_PORT))
                  .build());
      claim(channel, arguments[3]);
      List<Socket> accepted = new ArrayList<>();
      while (accepted.add(server.accept())) {
        // Kept, so that they stay open.
      }
    }
  }

  private static void claim(ManagedChannel channel, String task) {
    StreamObserver<AnnouncePeerRequest> stream =
        SchedulerGrpc.newStub(channel)
            .announcePeer(
                new StreamObserver<>() {
                  @Override
                  public void onNext(AnnouncePeerResponse answer) {
                    System.out.println("claimed");
                  }

                  @Override
                  public void onError(Throwable failure) {
                    System.out.println(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    stream.onNext(
        AnnouncePeerRequest.newBuilder()
            .setHostId(NAME)
            .setTaskId(task)
            .setPeerId(NAME + "-peer")
            .setRegisterPeerRequest(
                RegisterPeerRequest.newBuilder()
                    .setDownload(Download.newBuilder().setMetadataOnly(true)))
            .build());
  }
}
