package io.llmaz.bench;

import io.llmaz.scheduler.Scenario;
import io.llmaz.scheduler.Simulation;
import io.llmaz.scheduler.SimulationOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the scheduler's policy makes of up to thousands of nodes, by its {@link Simulation}:
 * makespan beside the lower bound. Arithmetic, so the machine does not matter.
 */
final class SimulateBenchmark implements Benchmark {
  private static final double WITHIN = 0.15;

  /** A case that {@code bench/fanout} measured with unmodified dfdaemons: makespan / bound. */
  private record Measured(String name, Scenario scenario, double ratio) {}

  private static final List<Measured> MEASURED =
      List.of(
          new Measured("warm-8-1024", Scenario.warm(8, 1024), 1.24),
          new Measured("warm-8-256", Scenario.warm(8, 256), 1.45),
          new Measured("warm-8-256-pieces-8", Scenario.warm(8, 256).inFlight(8), 1.59),
          new Measured("warm-16-256", Scenario.warm(16, 256), 1.77),
          new Measured("warm-6-of-3-1024", Scenario.warm(6, 1024).holders(2), 1.16),
          new Measured("warm-6-of-3-256", Scenario.warm(6, 256).holders(2), 1.19),
          new Measured("cold-8-1024", Scenario.warm(8, 1024).cold(200, 400), 1.13),
          new Measured("cold-8-256", Scenario.warm(8, 256).cold(200, 400), 1.24),
          new Measured("cold-8-1024-10", Scenario.warm(8, 1024).cold(100, 1000), 1.08));

  @Override
  public String name() {
    return "simulate";
  }

  @Override
  public String title() {
    return "the scheduler's policy, simulated: links of 200 Mbit/s, 2 pieces in flight, one seed"
        + " unless said";
  }

  @Override
  public Figures run(Path home) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            "%-34s %8s %8s %8s %6s %6s %7s",
            "case", "first", "last", "bound", "ratio", "hops", "source"));
    double worst = 0;
    for (Measured measured : MEASURED) {
      SimulationOutcome outcome = Simulation.run(measured.scenario());
      worst = Math.max(worst, Math.abs(outcome.ratio() / measured.ratio() - 1));
      lines.add(
          line(measured.name(), outcome)
              + String.format(Locale.ROOT, " measured %.2f", measured.ratio()));
    }
    int incomplete = 0;
    for (int mebibytes : new int[] {64, 256, 1024}) {
      for (int nodes : new int[] {8, 16, 32, 64, 200, 1000}) {
        incomplete +=
            add(lines, nodes + " nodes, " + mebibytes + " MiB", Scenario.warm(nodes, mebibytes));
      }
    }
    incomplete += add(lines, "5000 nodes, 256 MiB", Scenario.warm(5000, 256));
    incomplete += add(lines, "64 nodes, 256 MiB, in 30 s", Scenario.warm(64, 256).over(30));
    incomplete += add(lines, "64 nodes, 256 MiB, 4 zones", Scenario.warm(64, 256).zones(4));
    incomplete +=
        add(lines, "64 nodes, 256 MiB, a tenth slow", Scenario.warm(64, 256).slow(0.1, false));
    incomplete += add(lines, "the same, known to be slow", Scenario.warm(64, 256).slow(0.1, true));
    incomplete +=
        add(lines, "64 nodes, 256 MiB, a fifth dies", Scenario.warm(64, 256).churn(0.2, 0));
    incomplete +=
        add(lines, "64 nodes, 256 MiB, 2 fall silent", Scenario.warm(64, 256).churn(0, 0.03));
    return new Figures(
        lines,
        List.of(
            Bar.atMost("simulated / measured, off by", worst, WITHIN),
            Bar.atMost("nodes without the file", incomplete, 0)));
  }

  private static int add(List<String> lines, String name, Scenario scenario) {
    SimulationOutcome outcome = Simulation.run(scenario);
    lines.add(line(name, outcome));
    return outcome.incomplete();
  }

  private static String line(String name, SimulationOutcome outcome) {
    String slow =
        outcome.slowest() > 0
            ? String.format(Locale.ROOT, " slow nodes %.1fs", outcome.slowest())
            : "";
    return String.format(
            Locale.ROOT,
            "%-34s %7.1fs %7.1fs %7.1fs %6.2f %6d %6.2fx",
            name,
            outcome.first(),
            outcome.makespan(),
            outcome.bound(),
            outcome.ratio(),
            outcome.deepest(),
            outcome.source())
        + slow;
  }
}
