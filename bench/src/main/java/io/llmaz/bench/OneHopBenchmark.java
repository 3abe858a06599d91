package io.llmaz.bench;

import com.sun.management.OperatingSystemMXBean;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskRequest;
import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import io.llmaz.local.engine.store.StoredTask;
import io.llmaz.scheduler.SchedulerConfig;
import io.llmaz.scheduler.SchedulerServer;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One hop from a seed that has a file to a node that has not, beside {@code cp} of the same file in
 * the same folder.
 */
final class OneHopBenchmark implements Benchmark {
  private static final int MEBIBYTES = 512;
  private static final int WARM_UPS = 12;
  private static final int ROUNDS = 9;

  @Override
  public String name() {
    return "one-hop";
  }

  @Override
  public String title() {
    return "the embedded engine: a file of 512 MiB from a seed to a node on this machine, page cache and compiler warm";
  }

  @Override
  public Figures run(Path home) throws Exception {
    Path directory = Files.createTempDirectory("one-hop");
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (BenchHub hub = new BenchHub(1, (long) MEBIBYTES << 20, 0);
        SchedulerServer scheduler =
            SchedulerServer.start(SchedulerConfig.at(new InetSocketAddress(loopback, 0)))) {
      InetSocketAddress address = new InetSocketAddress(loopback, scheduler.port());
      String url = hub.stored(0).toString();
      try (EngineNode seed =
          EngineNode.start(
              EngineNodeConfig.at(
                      InetAddress.getByName("127.83.9.1"), "seed", directory.resolve("seed"))
                  .asSeed()
                  .withScheduler(address))) {
        var _ = download(seed, url);
        StoredTask task = seed.store().list().getFirst();
        double[] copies = new double[ROUNDS];
        double[] hops = new double[ROUNDS];
        for (int round = 0; round < WARM_UPS; round++) {
          hop(directory.resolve("peer"), address, url);
        }
        double processor = processorSeconds();
        for (int round = 0; round < ROUNDS; round++) {
          copies[round] = copy(task.contentFile(), directory.resolve("copy"));
          hops[round] = hop(directory.resolve("peer"), address, url);
        }
        processor = processorSeconds() - processor;
        return figures(copies, hops, processor / ROUNDS);
      }
    } finally {
      TimedProcess.delete(directory);
    }
  }

  private static double hop(Path directory, InetSocketAddress scheduler, String url)
      throws Exception {
    try (EngineNode peer =
        EngineNode.start(
            EngineNodeConfig.at(InetAddress.getByName("127.83.9.2"), "peer", directory)
                .withScheduler(scheduler))) {
      double seconds = download(peer, url);
      if (peer.traffic().bytesFromSource() != 0) {
        throw new IllegalStateException("the hop read the source");
      }
      return seconds;
    } finally {
      TimedProcess.delete(directory);
    }
  }

  private static double download(EngineNode node, String url) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(node.uploadAddress()).usePlaintext().build();
    try {
      long start = System.nanoTime();
      DfdaemonUploadGrpc.newBlockingStub(channel)
          .downloadTask(
              DownloadTaskRequest.newBuilder()
                  .setDownload(
                      Download.newBuilder().setUrl(url).setContentForCalculatingTaskId("file"))
                  .build())
          .forEachRemaining(message -> {});
      return Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
    } finally {
      channel.shutdownNow();
    }
  }

  private static double copy(Path file, Path target) throws Exception {
    long start = System.nanoTime();
    int status =
        new ProcessBuilder("cp", file.toString(), target.toString()).inheritIO().start().waitFor();
    double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
    Files.delete(target);
    if (status != 0) {
      throw new IllegalStateException("cp ended with " + status);
    }
    return seconds;
  }

  private static Figures figures(double[] copies, double[] hops, double processor) {
    Arrays.sort(copies);
    Arrays.sort(hops);
    double ratio = copies[ROUNDS / 2] / hops[ROUNDS / 2];
    return new Figures(
        List.of(
            String.format(
                Locale.ROOT,
                "median of %d: %.0f MiB/s, cp %.0f MiB/s; best: %.0f MiB/s, cp %.0f MiB/s",
                ROUNDS,
                MEBIBYTES / hops[ROUNDS / 2],
                MEBIBYTES / copies[ROUNDS / 2],
                MEBIBYTES / hops[0],
                MEBIBYTES / copies[0]),
            String.format(
                Locale.ROOT,
                "processor time of both nodes: %.2f s/GiB",
                processor * 1024 / MEBIBYTES)),
        List.of(Bar.atLeast("rate / rate of cp", ratio, 0.4)));
  }

  private static double processorSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }
}
