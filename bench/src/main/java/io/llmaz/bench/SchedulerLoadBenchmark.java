package io.llmaz.bench;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.common.Network;
import io.llmaz.dragonfly.api.scheduler.AnnounceHostRequest;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler under thousands of hosts, each with a connection of its own: they announce
 * themselves every ten seconds while peers of many tasks on them register, get pieces and finish.
 */
final class SchedulerLoadBenchmark implements Benchmark {
  private static final int HOSTS = 5000;
  private static final int TASKS = 50;
  private static final int PEERS = 200;
  private static final int ANNOUNCE_SECONDS = 10;

  /** Over which the peers register, one after another; each moves its file for five seconds. */
  private static final int REGISTER_SECONDS = 40;

  /** Before that, while both processes compile what they do often. */
  private static final int WARM_TASKS = 10;

  private static final int WARM_SECONDS = 10;

  private static final int AT_ONCE = 100;
  private static final int PERIOD_SECONDS = 5;
  private static final int PATIENCE_SECONDS = 180;

  private final List<LoadTask.Answer> cold = Collections.synchronizedList(new ArrayList<>());
  private final List<LoadTask.Answer> answers = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  @Override
  public String name() {
    return "scheduler-load";
  }

  @Override
  public String title() {
    return "the scheduler as a process with a heap of 256 MiB: 5000 hosts that announce themselves,"
        + " 50 tasks of 200 peers that register in 40 s, after 10 such tasks in 10 s that are not"
        + " counted; over real gRPC on this machine";
  }

  @Override
  public Figures run(Path home) throws Exception {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    List<ManagedChannel> channels = new ArrayList<>();
    try (SchedulerProgram scheduler = new SchedulerProgram(home)) {
      for (int i = 0; i < HOSTS; i++) {
        channels.add(
            NettyChannelBuilder.forAddress("127.0.0.1", scheduler.port())
                .usePlaintext()
                .directExecutor()
                .eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .build());
      }
      announceAll(channels);
      // Thousands of channels are here to stay; a pause to move them would count as the
      // scheduler's.
      System.gc();
      double idle = scheduler.heap();
      double processor = scheduler.processorSeconds();
      long begin = System.nanoTime();
      for (int i = 0; i < HOSTS; i++) {
        ManagedChannel channel = channels.get(i);
        String host = "host-" + i;
        var _ =
            thread.scheduleAtFixedRate(
                () -> announce(channel, host, () -> {}),
                1_000_000L * i * ANNOUNCE_SECONDS / HOSTS,
                ANNOUNCE_SECONDS * 1_000_000L,
                TimeUnit.MICROSECONDS);
      }
      var unusedLatch =
          registerAll("warm", WARM_TASKS, 0, WARM_SECONDS, cold::add, channels, thread);
      CountDownLatch incomplete =
          registerAll(
              "task", TASKS, WARM_SECONDS, REGISTER_SECONDS, answers::add, channels, thread);
      double heap = idle;
      double resident = 0;
      while (!incomplete.await(1, TimeUnit.SECONDS)) {
        heap = Math.max(heap, scheduler.heap());
        resident = Math.max(resident, scheduler.resident());
        if (failure.get() != null) {
          break;
        }
        if (System.nanoTime() - begin > PATIENCE_SECONDS * 1_000_000_000L) {
          throw new IOException(incomplete.getCount() + " peers did not get their files");
        }
      }
      if (failure.get() != null) {
        throw new IOException("a peer failed", failure.get());
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      processor = scheduler.processorSeconds() - processor;
      return figures(begin, scheduler.decisions(), idle, heap, resident, seconds, processor);
    } finally {
      thread.shutdownNow();
      channels.forEach(ManagedChannel::shutdownNow);
      var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static void announceAll(List<ManagedChannel> channels) throws InterruptedException {
    Semaphore free = new Semaphore(AT_ONCE);
    for (int i = 0; i < HOSTS; i++) {
      free.acquire();
      announce(channels.get(i), "host-" + i, free::release);
    }
    free.acquire(AT_ONCE);
  }

  private static void announce(ManagedChannel channel, String host, Runnable answered) {
    Host described =
        Host.newBuilder()
            .setId(host)
            .setHostname(host)
            .setIp("10.0.0.1")
            .setPort(4000)
            .setDownloadPort(4005)
            .setOs("linux")
            .setPlatform("debian")
            .setKernelVersion("6.1.0")
            .setNetwork(Network.newBuilder().setIdc("zone-" + host.hashCode() % 3))
            .build();
    SchedulerGrpc.newStub(channel)
        .announceHost(
            AnnounceHostRequest.newBuilder().setHost(described).build(),
            new StreamObserver<>() {
              @Override
              public void onNext(com.google.protobuf.Empty answer) {}

              @Override
              public void onError(Throwable broken) {
                answered.run();
              }

              @Override
              public void onCompleted() {
                answered.run();
              }
            });
  }

  /** Peers of these tasks register, one after another; the latch is open when all have the file. */
  private CountDownLatch registerAll(
      String name,
      int tasks,
      double fromSecond,
      double seconds,
      Consumer<LoadTask.Answer> answers,
      List<ManagedChannel> channels,
      ScheduledExecutorService thread) {
    CountDownLatch incomplete = new CountDownLatch(tasks * (PEERS - 1));
    int at = 0;
    for (int t = 0; t < tasks; t++) {
      LoadTask task = new LoadTask(name + "-" + t, answers, incomplete, failure);
      for (int p = 0; p < PEERS; p++) {
        int host = (t * 97 + p * 23) % HOSTS;
        boolean holder = p == 0;
        // The holder first: who finds nobody reads the source.
        double when = fromSecond + (holder ? 0 : 1 + seconds * at++ / (tasks * PEERS));
        var _ =
            thread.schedule(
                () -> {
                  LoadPeer peer =
                      new LoadPeer(
                          task,
                          thread,
                          SchedulerGrpc.newStub(channels.get(host)),
                          "host-" + host,
                          holder);
                  task.add(peer);
                  peer.register();
                },
                (long) (when * 1e6),
                TimeUnit.MICROSECONDS);
      }
    }
    return incomplete;
  }

  private static double[] sorted(List<LoadTask.Answer> of) {
    return of.stream().mapToDouble(LoadTask.Answer::millis).sorted().toArray();
  }

  private static double p99(double[] sorted) {
    return sorted[(int) (sorted.length * 0.99)];
  }

  private String p99OfPeriods(long begin) {
    Map<Long, List<LoadTask.Answer>> periods = new TreeMap<>();
    for (LoadTask.Answer answer : answers) {
      long period = (answer.at() - begin) / (PERIOD_SECONDS * 1_000_000_000L);
      periods.computeIfAbsent(period, p -> new ArrayList<>()).add(answer);
    }
    return periods.values().stream()
        .map(period -> String.format(Locale.ROOT, "%.1f", p99(sorted(period))))
        .collect(Collectors.joining(" "));
  }

  private Figures figures(
      long begin,
      String decisions,
      double idle,
      double heap,
      double resident,
      double seconds,
      double processor) {
    double[] sorted = sorted(answers);
    double p99 = p99(sorted);
    return new Figures(
        List.of(
            String.format(
                Locale.ROOT,
                "%d answers: median %.2f ms, p99 %.2f ms, p99.9 %.2f ms, longest %.1f ms",
                sorted.length,
                sorted[sorted.length / 2],
                p99,
                sorted[(int) (sorted.length * 0.999)],
                sorted[sorted.length - 1]),
            String.format(
                Locale.ROOT,
                "p99 of each %d s: %s ms; of those that are not counted: %.1f ms",
                PERIOD_SECONDS,
                p99OfPeriods(begin),
                p99(sorted(cold))),
            decisions,
            String.format(
                Locale.ROOT,
                "heap: %.0f MiB with %d hosts and no task, %.0f MiB at the most; %.0f MiB resident"
                    + " at the most",
                idle,
                HOSTS,
                heap,
                resident),
            String.format(
                Locale.ROOT,
                "processor of the scheduler: %.1f s in %.0f s; both processes share the machine",
                processor,
                seconds)),
        List.of(
            Bar.atMost("p99 of a scheduling answer, ms", p99, 20),
            Bar.atMost("heap MiB at the most", heap, 256)));
  }
}
