package io.llmaz.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Ten thousand Playgrounds on a real API server: how long, how many requests, how much processor
 * and memory the operator needs for them, what it writes when nothing changes and when it is
 * started again.
 *
 * <p>The peer is llmaz at its commit {@code 3c13ff3}, measured once on the same kind of API server
 * and two processors; its figures are constants here because its build is not part of this one.
 *
 * <p>Later Playgrounds take longer because of the API server: whenever 1.34 gives a Service its
 * address it lists all addresses, twice, to count them for its metrics ({@code Allocator.Used} in
 * {@code ipallocator.go}). With 4,000 Services that was 30 % of its processor time.
 */
final class ScaleBenchmark implements Benchmark {
  private static final int FIRST = 500;
  private static final double LLMAZ_SECONDS = 24;
  private static final double LLMAZ_PROCESSOR_MILLIS = 15;

  /** A Deployment's change is one status of its Service and one of its Playground. */
  private static final int CHANGED = 100;

  private static final Duration QUIET = Duration.ofSeconds(2);

  /** More are not made before all but these have their workloads. */
  private static final int AHEAD = 1500;

  private static final int AT_ONCE = 250;

  /** After how long no more are made, on a machine that others wait for. */
  private static final long BUDGET_SECONDS =
      Long.parseLong(System.getProperty("llmaz.bench.seconds", "1800"));

  private static final Duration PATIENCE = Duration.ofMinutes(6);

  private final boolean p2p;
  private final int wanted;
  private int all;
  private final List<String> lines = new ArrayList<>();
  private final List<Bar> bars = new ArrayList<>();

  private ScaleBenchmark(boolean p2p, int all) {
    this.p2p = p2p;
    this.wanted = all;
    this.all = all;
  }

  static ScaleBenchmark withoutP2p() {
    return new ScaleBenchmark(
        false, Integer.parseInt(System.getProperty("llmaz.bench.playgrounds", "10000")));
  }

  static ScaleBenchmark withP2p() {
    return new ScaleBenchmark(
        true, Integer.parseInt(System.getProperty("llmaz.bench.playgrounds", "10000")));
  }

  @Override
  public String name() {
    return p2p ? "scale-p2p" : "scale";
  }

  @Override
  public String title() {
    return String.format(
        Locale.ROOT,
        "the operator on a real API server: up to %d Playgrounds over %d models and %d images, P2P"
            + " %s; first %d of them",
        wanted,
        ScaleCluster.MODELS,
        ScaleCluster.IMAGES,
        p2p ? "on, tasks completed by the benchmark" : "off",
        FIRST);
  }

  @Override
  public Figures run(Path home) throws Exception {
    Path work = Files.createTempDirectory("llmaz-scale");
    try (ScaleCluster cluster = new ScaleCluster(work, p2p)) {
      OperatorProgram operator = start(home, work, cluster);
      try {
        settle(cluster);
        Phase first = phase(cluster, operator, 0, FIRST);
        Phase rest = phase(cluster, operator, FIRST, wanted);
        all = FIRST + rest.count();
        bars(first, rest);
        memory(operator);
        steady(cluster);
      } finally {
        operator.close();
      }
      restart(home, work, cluster);
    } finally {
      TimedProcess.delete(work);
    }
    return new Figures(lines, bars);
  }

  /** What so many Playgrounds took, each figure of all of them together. */
  private record Phase(int count, double seconds, double processor, ApiRequests requests) {
    double rate() {
      return count / seconds;
    }

    double writes() {
      return (double) (requests.writes() - requests.events()) / count;
    }
  }

  private Phase phase(ScaleCluster cluster, OperatorProgram operator, int from, int until)
      throws IOException {
    ApiRequests before = cluster.requests();
    double processor = operator.processorSeconds();
    double server = cluster.serverSeconds();
    double etcd = cluster.etcdSeconds();
    double idle = ownProcessor();
    long start = System.nanoTime();
    int to = make(cluster, from, until, start);
    double made = seconds(start);
    if (p2p && from == 0) {
      await(() -> cluster.tasks() == ScaleCluster.MODELS + ScaleCluster.IMAGES);
      cluster.completeTasks();
    }
    await(() -> cluster.deployments() == to && cluster.inferenceServices() == to);
    double seconds = seconds(start);
    server = cluster.serverSeconds() - server;
    etcd = cluster.etcdSeconds() - etcd;
    double own = ownProcessor() - idle;
    settle(cluster);
    Phase phase =
        new Phase(
            to - from,
            seconds,
            operator.processorSeconds() - processor,
            cluster.requests().since(before));
    lines.add(
        String.format(
            Locale.ROOT,
            "%d more: applied in %.1f s, all Services and Deployments after %.1f s (%.0f/s); %.2f"
                + " writes, %.3f reads, %.1f ms processor each; API server %.1f ms, etcd %.1f ms,"
                + " benchmark %.1f ms each",
            phase.count(),
            made,
            seconds,
            phase.rate(),
            phase.writes(),
            (double) phase.requests().reads() / phase.count(),
            phase.processor() * 1000 / phase.count(),
            server * 1000 / phase.count(),
            etcd * 1000 / phase.count(),
            own * 1000 / phase.count()));
    lines.add("  each: " + each(phase));
    return phase;
  }

  /** Makes Playgrounds, not all at once, and says how many there are then. */
  private int make(ScaleCluster cluster, int from, int until, long start) throws IOException {
    int made = from;
    while (made < until && seconds(start) < BUDGET_SECONDS) {
      int next = Math.min(until, made + AT_ONCE);
      cluster.playgrounds(made, next);
      made = next;
      int wait = made - AHEAD;
      // With P2P nothing is there before the tasks are done.
      if (wait > from) {
        await(() -> cluster.deployments() >= wait);
      }
    }
    return made;
  }

  private static String each(Phase phase) {
    return phase.requests().byRequest().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e ->
            String.format(
                Locale.ROOT, "%s %.3f", e.getKey(), (double) e.getValue() / phase.count()))
        .collect(Collectors.joining(", "));
  }

  private void bars(Phase first, Phase rest) {
    bars.add(
        Bar.atLeast(
            "Playgrounds per second at %d / llmaz".formatted(FIRST),
            first.rate() / (FIRST / LLMAZ_SECONDS),
            2));
    bars.add(
        Bar.atLeast(
            "Playgrounds per second of the next %d / llmaz at %d".formatted(rest.count(), FIRST),
            rest.rate() / (FIRST / LLMAZ_SECONDS),
            1));
    bars.add(
        Bar.atLeast(
            "rate of the next %d / rate of the first %d".formatted(rest.count(), FIRST),
            rest.rate() / first.rate(),
            1));
    bars.add(
        Bar.atMost(
            "processor time per Playground of the next %d / of the first %d"
                .formatted(rest.count(), FIRST),
            rest.processor() / rest.count() / (first.processor() / first.count()),
            1));
    bars.add(Bar.atMost("writes per Playground, to the end, without events", rest.writes(), 6));
    bars.add(
        Bar.atMost(
            "uncached reads", (double) first.requests().reads() + rest.requests().reads(), 0));
    bars.add(
        Bar.atMost(
            "processor time per Playground, warm / llmaz",
            rest.processor() * 1000 / rest.count() / LLMAZ_PROCESSOR_MILLIS,
            1));
  }

  private void memory(OperatorProgram operator) throws IOException, InterruptedException {
    double peak = operator.peakResident();
    double used = operator.heap();
    operator.collect();
    lines.add(
        String.format(
            Locale.ROOT,
            "at %d: %.0f MiB resident at the most; heap %.0f MiB, after a collection %.0f MiB",
            all,
            peak,
            used,
            operator.heap()));
    bars.add(Bar.atMost("resident MiB at %d, at the most".formatted(all), peak, 600));
  }

  private void steady(ScaleCluster cluster) {
    ApiRequests before = cluster.requests();
    long start = System.nanoTime();
    await(() -> seconds(start) > 5);
    bars.add(
        Bar.atMost(
            "writes in 5 s when nothing changes",
            (double) cluster.requests().since(before).writes(),
            0));
    ApiRequests still = cluster.requests();
    cluster.makeReady(CHANGED);
    settle(cluster);
    ApiRequests changed = cluster.requests().since(still);
    lines.add(
        "%d Deployments became ready: %s".formatted(CHANGED, new TreeMap<>(changed.byRequest())));
    bars.add(
        Bar.atMost(
            "status writes per real change",
            (changed.statusWrites() - changed.ownWrites()) / (2.0 * CHANGED),
            1));
  }

  private void restart(Path home, Path work, ScaleCluster cluster) throws Exception {
    ApiRequests before = cluster.requests();
    long start = System.nanoTime();
    try (OperatorProgram again = start(home, work, cluster)) {
      double ready = seconds(start);
      double processor = again.processorSeconds();
      awaitIdle(again);
      settle(cluster);
      long writes = cluster.requests().since(before).writes();
      lines.add(
          String.format(
              Locale.ROOT,
              "restart with %d: caches filled after %.1f s and %.1f s processor, everything looked"
                  + " at with %.1f s; %.0f MiB resident at the most",
              all,
              ready,
              processor,
              again.processorSeconds(),
              again.peakResident()));
      bars.add(Bar.atMost("writes after a restart", (double) writes, 0));
      bars.add(Bar.atMost("resident MiB after a restart", again.peakResident(), 600));
    }
  }

  private static OperatorProgram start(Path home, Path work, ScaleCluster cluster)
      throws IOException {
    return new OperatorProgram(
        home,
        cluster.kubeconfig(),
        work.resolve("operator.log"),
        List.of(System.getProperty("llmaz.bench.operator.flags", "").split(" ")).stream()
            .filter(flag -> !flag.isEmpty())
            .toList());
  }

  /** Until it has looked at everything. */
  private static void awaitIdle(OperatorProgram operator) {
    double[] last = {Double.NaN};
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          double now = operator.processorSeconds();
          boolean idle = now - last[0] < 0.05;
          last[0] = now;
          return idle;
        });
  }

  /** Until nobody has written for a while. */
  private static void settle(ScaleCluster cluster) {
    long[] last = {-1, System.nanoTime()};
    await(() -> {
      long writes = cluster.requests().writes();
      if (writes != last[0]) {
        last[0] = writes;
        last[1] = System.nanoTime();
      }
      return System.nanoTime() - last[1] > QUIET.toNanos();
    });
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(condition);
  }

  private static double ownProcessor() {
    return TimedProcess.processorSeconds(ProcessHandle.current().pid());
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
