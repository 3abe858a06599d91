package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Empty;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.scheduler.AnnounceHostRequest;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerResponse;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerResponse.ResponseCase;
import io.llmaz.dragonfly.api.scheduler.DeleteHostRequest;
import io.llmaz.dragonfly.api.scheduler.ListHostsRequest;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations over real gRPC on loopback. */
final class SchedulerServerTest {
  private SchedulerServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    server =
        SchedulerServer.start(
            SchedulerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void register_fromAnUnknownHost_isNotFound() {
    TestingPeer peer = new TestingPeer(channel, "nobody", "t", "p");
    peer.register();

    assertThat(peer.error()).contains("NOT_FOUND");
  }

  @Test
  void register_twoPeersWithoutSeed_oneReadsTheSourceAndFeedsTheOther() {
    TestingPeer first = peerOn("h1", "p1");
    first.register();
    assertThat(first.answer().getResponseCase())
        .isEqualTo(ResponseCase.NEED_BACK_TO_SOURCE_RESPONSE);
    TestingPeer second = peerOn("h2", "p2");
    second.register();
    first.pieceFromSource(1);

    AnnouncePeerResponse answer = second.answer();

    assertThat(answer.getNormalTaskResponse().getCandidateParents(0).getHost().getId())
        .isEqualTo("h1");
  }

  @Test
  void reader_dies_theNextPeerReadsTheSource() {
    TestingPeer first = peerOn("h1", "p1");
    first.register();
    first.answer();
    first.pieceFromSource(1);
    TestingPeer second = peerOn("h2", "p2");
    second.register();
    second.answer();

    first.breakOff();
    second.reschedule("p1");

    assertThat(second.answer().getResponseCase())
        .isEqualTo(ResponseCase.NEED_BACK_TO_SOURCE_RESPONSE);
  }

  @Test
  void register_twoHundredAtOnce_oneReadsTheSourceAndEachFeedsOneOther() {
    List<TestingPeer> peers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      peers.add(peerOn("h" + i, "p" + i));
    }
    List<CompletableFuture<String>> parents = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (TestingPeer peer : peers) {
        parents.add(CompletableFuture.supplyAsync(() -> parentOf(peer), threads));
      }
    }

    assertThat(parents.stream().map(CompletableFuture::join)).hasSize(200).doesNotHaveDuplicates();
  }

  /** Registers a peer and gives it its first piece; the source is named by an empty word. */
  private static String parentOf(TestingPeer peer) {
    peer.register();
    AnnouncePeerResponse answer = peer.answer();
    if (answer.getResponseCase() == ResponseCase.NEED_BACK_TO_SOURCE_RESPONSE) {
      peer.pieceFromSource(1);
      return "";
    }
    String parent = answer.getNormalTaskResponse().getCandidateParents(0).getId();
    peer.pieceFrom(parent, 1);
    return parent;
  }

  @Test
  void finishedPeer_streamEnded_feedsOthersStill() {
    TestingPeer first = peerOn("h1", "p1");
    first.register();
    first.answer();
    first.finish();
    first.awaitEnd();
    TestingPeer second = peerOn("h2", "p2");
    second.register();

    assertThat(second.answer().getNormalTaskResponse().getCandidateParents(0).getId())
        .isEqualTo("p1");
  }

  @Test
  void deleteHost_ofTheOnlyHolder_nobodyIsSentThere() {
    TestingPeer first = peerOn("h1", "p1");
    first.register();
    first.answer();
    first.finish();
    first.awaitEnd();
    SchedulerGrpc.newBlockingStub(channel)
        .deleteHost(DeleteHostRequest.newBuilder().setHostId("h1").build());
    TestingPeer second = peerOn("h2", "p2");
    second.register();

    assertThat(second.answer().getResponseCase())
        .isEqualTo(ResponseCase.NEED_BACK_TO_SOURCE_RESPONSE);
  }

  @Test
  void listHosts_byType_givesSeedsOnly() {
    announce("h1", 0);
    announce("s1", 1);

    assertThat(
            SchedulerGrpc.newBlockingStub(channel)
                .listHosts(ListHostsRequest.newBuilder().setType(1).build())
                .getHostsList())
        .extracting(Host::getId)
        .containsExactly("s1");
  }

  @Test
  void call_thatIsNotServed_isUnimplemented() {
    MethodDescriptor<Empty, Empty> preheat =
        MethodDescriptor.<Empty, Empty>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("scheduler.v2.Scheduler/PreheatImage")
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .build();

    assertThatThrownBy(() ->
            ClientCalls.blockingUnaryCall(
                channel, preheat, CallOptions.DEFAULT, Empty.getDefaultInstance()))
        .hasMessageContaining("UNIMPLEMENTED");
  }

  @Test
  void reflection_listsTheScheduler() {
    List<String> names = new ArrayList<>();
    CompletableFuture<List<String>> listed = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> asking =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    response
                        .getListServicesResponse()
                        .getServiceList()
                        .forEach(service -> names.add(service.getName()));
                  }

                  @Override
                  public void onError(Throwable failure) {
                    listed.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    listed.complete(names);
                  }
                });
    asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    asking.onCompleted();

    assertThat(listed)
        .succeedsWithin(Duration.ofSeconds(5))
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .contains("scheduler.v2.Scheduler", "grpc.health.v1.Health");
  }

  private TestingPeer peerOn(String host, String peer) {
    announce(host, 0);
    return new TestingPeer(channel, host, "t", peer);
  }

  private void announce(String host, int type) {
    SchedulerGrpc.newBlockingStub(channel)
        .announceHost(
            AnnounceHostRequest.newBuilder()
                .setHost(Host.newBuilder().setId(host).setType(type).setIp("127.0.0.1").setPort(1))
                .build());
  }
}
