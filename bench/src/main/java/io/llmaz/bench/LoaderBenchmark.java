package io.llmaz.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Direct mode on one machine: four files of 256 MiB and five small ones from a hub on loopback,
 * which redirects the large ones to another host, into a folder of shared memory. The peers of the
 * same run are sha256 alone (the floor), {@code cp}, {@code curl} (file after file, all at once,
 * and with {@code openssl}'s sha256 of each) and {@code hf download}. The loader uses an
 * ahead-of-time cache that is trained first, as {@code ./llmaz} and {@code images/build} give it
 * one.
 */
final class LoaderBenchmark implements Benchmark {
  private static final int FILES = 4;
  private static final long SIZE = 256L << 20;
  private static final int ROUNDS = 5;

  @Override
  public String name() {
    return "loader";
  }

  @Override
  public String title() {
    return "model-loader without gateway and engine, every sha256 checked: 4 x 256 MiB and 5 small files, a hub on loopback that redirects, into shared memory";
  }

  @Override
  public Figures run(Path home) throws Exception {
    Path work = Files.createTempDirectory(Path.of("/dev/shm"), "loader-bench");
    try (BenchHub hub = new BenchHub(FILES, SIZE, 5)) {
      return new Rounds(hub, work, home).run();
    } finally {
      TimedProcess.delete(work);
    }
  }

  /** The rounds of one run. */
  private static final class Rounds {
    private final BenchHub hub;
    private final Path work;
    private final Path hf;
    private final LoaderProgram loader;
    private final Map<String, List<TimedProcess>> runs = new LinkedHashMap<>();
    private final List<Double> starts = new ArrayList<>();

    Rounds(BenchHub hub, Path work, Path home) throws Exception {
      this.hub = hub;
      this.work = work;
      this.hf = HuggingFaceCli.installed();
      this.loader = LoaderProgram.trained(home, work, hub.address());
    }

    Figures run() throws Exception {
      for (int round = 0; round < ROUNDS; round++) {
        Path curl = Files.createDirectories(work.resolve("curl"));
        time("curl", curl("-sfL", curl), Map.of());
        time("curl and openssl", curlAndOpenssl(curl), Map.of());
        time("curl, all at once", curl("-sfLZ", curl), Map.of());
        time("cp", List.of("cp", "-r", curl.toString(), work.resolve("cp").toString()), Map.of());
        time("sha256sum", sums(curl), Map.of());
        TimedProcess.delete(work.resolve("cp"));
        TimedProcess.delete(curl);
        time("hf download", download(), HuggingFaceCli.variables(hub.address(), work));
        TimedProcess.delete(work.resolve("hf"));
        TimedProcess.delete(work.resolve("hf-home"));
        time("import huggingface_hub", HuggingFaceCli.importing(hf), Map.of());
        load();
      }
      return figures();
    }

    private void time(String name, List<String> command, Map<String, String> variables)
        throws Exception {
      runs.computeIfAbsent(name, n -> new ArrayList<>()).add(TimedProcess.run(command, variables));
    }

    private void load() throws Exception {
      Path folder = work.resolve("model");
      hub.takeFirstRequest();
      long before = System.nanoTime();
      time("loader", loader.command(), loader.variables(folder));
      starts.add((hub.takeFirstRequest() - before) / 1e9);
      TimedProcess.delete(folder);
    }

    private List<String> curl(String options, Path folder) {
      List<String> command = new ArrayList<>(List.of("curl", options));
      for (String name : hub.sizes().keySet()) {
        command.addAll(List.of("-o", folder.resolve(name).toString(), hub.raw(name).toString()));
      }
      return command;
    }

    /** The loader's job by two programs in C: all files at once, each hashed when it is there. */
    private List<String> curlAndOpenssl(Path folder) {
      StringBuilder script = new StringBuilder("set -e; ");
      hub.sizes()
          .keySet()
          .forEach(name -> {
            Path file = folder.resolve(name);
            script.append(
                "{ curl -sfL -o %s %s; openssl dgst -sha256 %s; } & "
                    .formatted(file, hub.raw(name), file));
          });
      return List.of("bash", "-c", script + "for job in $(jobs -p); do wait $job; done");
    }

    private List<String> sums(Path folder) {
      List<String> command = new ArrayList<>(List.of("sha256sum"));
      hub.sizes().keySet().forEach(name -> command.add(folder.resolve(name).toString()));
      return command;
    }

    private List<String> download() {
      String folder = work.resolve("hf").toString();
      return List.of(hf.toString(), "download", "b/b", "--local-dir", folder);
    }

    private Figures figures() throws Exception {
      TimedProcess ours = median("loader");
      List<String> lines = new ArrayList<>();
      runs.forEach((name, all) -> {
        TimedProcess m = TimedProcess.median(all);
        lines.add(
            String.format(
                Locale.ROOT,
                "%-23s %5.2f s wall, %5.2f s processor, %4.0f MiB resident",
                name,
                m.wall(),
                m.processor(),
                m.resident()));
      });
      double start = TimedProcess.middle(starts.stream().mapToDouble(d -> d).toArray());
      lines.add(
          String.format(Locale.ROOT, "%-23s %5.2f s processor", "sha256 in Java", sha256Alone()));
      lines.add(String.format(Locale.ROOT, "%-23s %5.3f s to its first request", "loader", start));
      double gib = FILES * SIZE / (double) (1 << 30);
      return new Figures(
          lines,
          List.of(
              Bar.atMost("wall / hf download", ours.wall() / median("hf download").wall(), 0.5),
              Bar.atMost(
                  "processor / hf download",
                  ours.processor() / median("hf download").processor(),
                  0.6),
              Bar.atMost("wall / curl", ours.wall() / median("curl").wall(), 1.15),
              Bar.atMost(
                  "wall / curl and openssl", ours.wall() / median("curl and openssl").wall(), 1.15),
              Bar.atMost("processor seconds per GiB", ours.processor() / gib, 2),
              Bar.atMost("resident MiB", ours.resident(), 128),
              Bar.atMost("seconds to the first request", start, 0.25),
              Bar.atMost(
                  "seconds to the first request / import huggingface_hub",
                  start / median("import huggingface_hub").wall(),
                  1)));
    }

    private TimedProcess median(String name) {
      return TimedProcess.median(Objects.requireNonNull(runs.get(name)));
    }

    /** What checking costs at least, in the loader's language. */
    private static double sha256Alone() throws Exception {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] block = new byte[1 << 20];
      double seconds = 0;
      for (int round = 0; round < 2; round++) {
        long begin = System.nanoTime();
        for (long at = 0; at < FILES * SIZE; at += block.length) {
          sha256.update(block);
        }
        seconds = (System.nanoTime() - begin) / 1e9;
      }
      return seconds;
    }
  }
}
