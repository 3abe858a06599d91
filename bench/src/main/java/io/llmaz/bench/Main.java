package io.llmaz.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code bench/run [NAME…] [FRAGMENT.json…]}: runs those benchmarks, or all, and renews the report.
 */
final class Main {
  private static final List<Benchmark> ALL =
      List.of(
          new DemoBenchmark(),
          new OneHopBenchmark(),
          new LoaderBenchmark(),
          new GatewayBenchmark(),
          ScaleBenchmark.withoutP2p(),
          ScaleBenchmark.withP2p(),
          new SimulateBenchmark(),
          new SchedulerLoadBenchmark());

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(System.getProperty("llmaz.home", "."));
    Map<String, Benchmark> byName = new LinkedHashMap<>();
    ALL.forEach(benchmark -> byName.put(benchmark.name(), benchmark));
    List<String> wanted = arguments.length > 0 ? List.of(arguments) : List.copyOf(byName.keySet());
    for (String name : wanted) {
      if (!byName.containsKey(name) && !name.endsWith(".json")) {
        System.err.println("bench/run: no benchmark " + name + "; there are " + byName.keySet());
        System.exit(64);
      }
    }
    Report report = Report.in(home.resolve("docs"));
    for (String name : wanted) {
      Benchmark benchmark = byName.get(name);
      if (benchmark != null) {
        System.out.println(name + ": " + benchmark.title());
        Figures figures = benchmark.run(home);
        figures.lines().forEach(System.out::println);
        figures.bars().forEach(bar -> System.out.println(bar + ", holds: " + bar.holds()));
        report.add(benchmark, figures, LocalDate.now(ZoneOffset.UTC));
      } else {
        report.add(
            new ObjectMapper().readTree(Files.readString(Path.of(name))),
            LocalDate.now(ZoneOffset.UTC));
      }
      report.write();
    }
    System.exit(0); // The JDK's HTTP servers leave threads behind.
  }
}
