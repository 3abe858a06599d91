package io.llmaz.bench;

import io.llmaz.parts.NginxProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * What the gateway costs between a hub and a reader: {@code curl} of four files of 256 MiB through
 * it, beside {@code curl} of the same files from the same hub and, where it is installed, through
 * {@link NginxProxy nginx}. Then 200 slow readers of different ranges at once, for its memory.
 */
final class GatewayBenchmark implements Benchmark {
  private static final int FILES = 4;
  private static final long SIZE = 256L << 20;
  private static final int ROUNDS = 7;

  /** A gateway runs for weeks: its compilers are done before the rounds that count. */
  private static final int WARM_UPS = 4;

  private static final int READERS = 200;
  private static final long RANGE = 8L << 20;
  private static final Duration SIPPING = Duration.ofSeconds(15);

  @Override
  public String name() {
    return "gateway";
  }

  @Override
  public String title() {
    return "a gateway process between a hub and curl on loopback: 4 x 256 MiB, never in its memory before; then 200 slow readers of ranges";
  }

  @Override
  public Figures run(Path home) throws Exception {
    Path work = Files.createTempDirectory(Path.of("/dev/shm"), "gateway-bench");
    try (BenchHub hub = new BenchHub(FILES, SIZE, 0);
        GatewayTask task = new GatewayTask(home, work, hub.address())) {
      List<URI> direct = hub.sizes().keySet().stream().map(hub::raw).toList();
      Map<String, URI> links = task.links();
      List<URI> signed = hub.sizes().keySet().stream().map(links::get).toList();
      GatewayProgram gateway = task.gateway();
      List<Way> ways = new ArrayList<>();
      ways.add(new Way("curl from the hub", direct, () -> 0));
      ways.add(new Way("curl through the gateway", signed, gateway::processorSeconds));
      if (NginxProxy.installed()) {
        List<URI> stored = IntStream.range(0, FILES).mapToObj(hub::stored).toList();
        URI store = stored.getFirst().resolve("/");
        try (NginxProxy plain = new NginxProxy(work, store, NginxProxy.PLAIN);
            NginxProxy wide = new NginxProxy(work, store, NginxProxy.WIDE)) {
          ways.add(Way.through("curl through nginx", plain, stored));
          ways.add(Way.through("curl through nginx, wide", wide, stored));
          rounds(ways, work);
        }
      } else {
        rounds(ways, work);
      }
      double quiet = gateway.peakResident();
      return figures(ways, quiet, slowly(task, signed));
    } finally {
      TimedProcess.delete(work);
    }
  }

  private static void rounds(List<Way> ways, Path work) throws Exception {
    for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
      for (Way way : ways) {
        way.read(work, round >= WARM_UPS);
      }
    }
  }

  /** One way to the same bytes, and what it cost. */
  private static final class Way {
    private final String name;
    private final List<URI> files;
    private final DoubleSupplier processorSeconds;
    private final List<TimedProcess> runs = new ArrayList<>();
    private double processor;

    /**
     * A way nobody went yet.
     *
     * @param processorSeconds that the program between has used since it began
     */
    Way(String name, List<URI> files, DoubleSupplier processorSeconds) {
      this.name = name;
      this.files = files;
      this.processorSeconds = processorSeconds;
    }

    static Way through(String name, NginxProxy nginx, List<URI> files) {
      return new Way(
          name,
          files.stream().map(file -> nginx.address().resolve(file.getPath())).toList(),
          () -> TimedProcess.processorSeconds(nginx.pid()));
    }

    void read(Path work, boolean counts) throws Exception {
      double before = processorSeconds.getAsDouble();
      TimedProcess run = GatewayBenchmark.read(files, work);
      if (counts) {
        runs.add(run);
        processor += processorSeconds.getAsDouble() - before;
      }
    }

    double wall() {
      return TimedProcess.median(runs).wall();
    }

    double processorPerGib() {
      return processor / (ROUNDS * FILES * SIZE / (double) (1 << 30));
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%-25s %5.2f s wall, %5.2f s processor, %5.2f s per GiB in between",
          name,
          wall(),
          TimedProcess.median(runs).processor(),
          processorPerGib());
    }
  }

  private static TimedProcess read(List<URI> files, Path work) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "-sfL"));
    for (URI file : files) {
      command.addAll(List.of("-o", work.resolve("file-" + command.size()).toString()));
      command.add(file.toString());
    }
    TimedProcess run = TimedProcess.run(command, Map.of());
    try (var left = Files.newDirectoryStream(work, "file-*")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    return run;
  }

  /** MiB that are resident at the most, with those readers. */
  private static double slowly(GatewayTask task, List<URI> links) throws Exception {
    try (SlowReaders readers = new SlowReaders(links, SIZE, READERS, RANGE)) {
      readers.sip(SIPPING);
      double resident = task.gateway().peakResident();
      if (readers.drain() < READERS * RANGE) {
        throw new IOException("not every reader got its range");
      }
      return Math.max(resident, task.gateway().peakResident());
    }
  }

  private static Figures figures(List<Way> ways, double quiet, double resident) {
    List<String> lines = new ArrayList<>(ways.stream().map(Way::line).toList());
    lines.add(
        String.format(
            Locale.ROOT,
            "resident: %.0f MiB with one reader, %.0f MiB with %d",
            quiet,
            resident,
            READERS));
    Way direct = ways.get(0);
    Way gateway = ways.get(1);
    List<Bar> bars = new ArrayList<>();
    bars.add(Bar.atMost("wall / wall from the hub itself", gateway.wall() / direct.wall(), 1.1));
    bars.add(
        Bar.atMost("processor seconds of the gateway per GiB", gateway.processorPerGib(), 0.6));
    if (ways.size() > 2) {
      Way nginx = ways.get(2);
      bars.add(Bar.atMost("wall / wall through nginx", gateway.wall() / nginx.wall(), 1.1));
    }
    bars.add(Bar.atMost("resident MiB with 200 slow readers", resident, 256));
    return new Figures(lines, bars);
  }
}
