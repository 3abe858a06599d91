package io.llmaz.local.engine.bench;

import com.sun.management.OperatingSystemMXBean;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DownloadTaskRequest;
import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.EngineNodeConfig;
import io.llmaz.local.engine.TestingOrigin;
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
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * One hop from a seed that has a file to a node that has not, both on this machine, beside {@code
 * cp} of the same file in the same folder. Prints the medians, the best of both and the processor
 * time. Argument: MiB of the file, 512 unless given.
 */
public final class OneHopBenchmark {
  private static final int WARM_UPS = 3;
  private static final int ROUNDS = 5;

  private OneHopBenchmark() {}

  public static void main(String[] args) throws Exception {
    int mebibytes = args.length > 0 ? Integer.parseInt(args[0]) : 512;
    Path directory = Files.createTempDirectory("one-hop");
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (TestingOrigin origin = new TestingOrigin();
        SchedulerServer scheduler =
            SchedulerServer.start(SchedulerConfig.at(new InetSocketAddress(loopback, 0)))) {
      InetSocketAddress address = new InetSocketAddress(loopback, scheduler.port());
      String url = origin.put("/file", TestingOrigin.random(mebibytes << 20, 1));
      try (EngineNode seed =
          EngineNode.start(
              EngineNodeConfig.at(
                      InetAddress.getByName("127.83.9.1"), "seed", directory.resolve("seed"))
                  .asSeed()
                  .withScheduler(address))) {
        download(seed, url);
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
        report(mebibytes, copies, hops, processor / ROUNDS);
      }
    } finally {
      delete(directory);
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
      delete(directory);
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

  private static void report(int mebibytes, double[] copies, double[] hops, double processor) {
    Arrays.sort(copies);
    Arrays.sort(hops);
    System.out.printf(
        "one hop of %d MiB, page cache and compiler warm, %d rounds%n"
            + "median: %.0f MiB/s, cp %.0f MiB/s, ratio %.2f%n"
            + "best:   %.0f MiB/s, cp %.0f MiB/s, ratio %.2f%n"
            + "processor time of both nodes: %.2f s/GiB%n",
        mebibytes,
        ROUNDS,
        mebibytes / hops[ROUNDS / 2],
        mebibytes / copies[ROUNDS / 2],
        copies[ROUNDS / 2] / hops[ROUNDS / 2],
        mebibytes / hops[0],
        mebibytes / copies[0],
        copies[0] / hops[0],
        processor * 1024 / mebibytes);
  }

  private static double processorSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private static void delete(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
