package io.llmaz.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the gateway costs between a hub and a reader: {@code curl} of four files of 256 MiB through
 * it, beside {@code curl} of the same files from the same hub. Then 200 slow readers of different
 * ranges at once, for its memory.
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
      for (int round = 0; round < WARM_UPS; round++) {
        read(signed, work);
        read(direct, work);
      }
      List<TimedProcess> through = new ArrayList<>();
      List<TimedProcess> beside = new ArrayList<>();
      double processor = 0;
      for (int round = 0; round < ROUNDS; round++) {
        beside.add(read(direct, work));
        double before = task.gateway().processorSeconds();
        through.add(read(signed, work));
        processor += task.gateway().processorSeconds() - before;
      }
      double quiet = task.gateway().peakResident();
      double resident = slowly(task, signed);
      return figures(
          TimedProcess.median(beside), TimedProcess.median(through), processor, quiet, resident);
    } finally {
      TimedProcess.delete(work);
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

  private static Figures figures(
      TimedProcess direct, TimedProcess through, double processor, double quiet, double resident) {
    double gib = ROUNDS * FILES * SIZE / (double) (1 << 30);
    return new Figures(
        List.of(
            line("curl from the hub", direct),
            line("curl through the gateway", through),
            String.format(
                Locale.ROOT,
                "resident: %.0f MiB with one reader, %.0f MiB with %d",
                quiet,
                resident,
                READERS)),
        List.of(
            Bar.atMost("wall / wall from the hub itself", through.wall() / direct.wall(), 1.1),
            Bar.atMost("processor seconds of the gateway per GiB", processor / gib, 0.6),
            Bar.atMost("resident MiB with 200 slow readers", resident, 256)));
  }

  private static String line(String name, TimedProcess run) {
    return String.format(
        Locale.ROOT, "%-25s %5.2f s wall, %5.2f s processor", name, run.wall(), run.processor());
  }
}
