package io.llmaz.loader.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Direct mode on one machine: four files of 256 MiB and five small ones from a hub on loopback,
 * which redirects the large ones to another host, into a folder of shared memory. Printed from one
 * run: sha256 alone (the floor), cp, curl file after file, {@code hf download} when {@code
 * -Dbench.hf=PATH} names one, and the loader with an ahead-of-time cache that is trained first;
 * wall and processor seconds, resident memory, and what the loader's are of the others'. Medians.
 *
 * <p>Needs {@code /usr/bin/time}, curl and packaged jars ({@code -Dbench.classpath=loader/target/
 * dist/*}). {@code -Dbench.mib=1024} is the sum of the large files, {@code -Dbench.files=4} their
 * number. Arguments: how often; JVM flags of the loader.
 */
public final class LoaderBench {
  private static final int FILES = Integer.getInteger("bench.files", 4);
  private static final long SIZE = (Long.getLong("bench.mib", 1024) << 20) / FILES;
  private static final String FLAGS = "-XX:+UseSerialGC -Xmx64m -XX:CompileThresholdScaling=10";

  private final BenchHub hub;
  private final String java;
  private final String flags;
  private final Map<String, List<double[]>> results = new LinkedHashMap<>();
  private final List<Double> starts = new ArrayList<>();

  private LoaderBench(BenchHub hub, String flags) {
    this.hub = hub;
    this.java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    this.flags = flags;
  }

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
    try (BenchHub hub = new BenchHub(FILES, SIZE, 5)) {
      new LoaderBench(hub, arguments.length > 1 ? arguments[1] : FLAGS).run(rounds);
    }
    System.exit(0);
  }

  private void run(int rounds) throws Exception {
    Path work = Files.createTempDirectory(Path.of("/dev/shm"), "loader-bench");
    try {
      String cache = train(work);
      floor();
      for (int round = 0; round < rounds; round++) {
        Path curl = Files.createDirectories(work.resolve("curl"));
        time("curl", curl(curl), Map.of());
        time("cp", List.of("cp", "-r", curl.toString(), work.resolve("cp").toString()), Map.of());
        delete(work.resolve("cp"));
        delete(curl);
        hf(work);
        loader("loader", cache, work);
        loader("loader, no cache", "", work);
      }
      print();
    } finally {
      delete(work);
    }
  }

  private List<String> curl(Path folder) {
    List<String> command = new ArrayList<>(List.of("curl", "-sfL"));
    hub.sizes()
        .keySet()
        .forEach(name ->
            command.addAll(
                List.of("-o", folder.resolve(name).toString(), hub.raw(name).toString())));
    return command;
  }

  private void hf(Path work) throws Exception {
    String program = System.getProperty("bench.hf", "");
    if (program.isEmpty()) {
      return;
    }
    Path folder = work.resolve("hf");
    time(
        "hf download",
        List.of(program, "download", "b/b", "--local-dir", folder.toString()),
        Map.of(
            "HF_ENDPOINT",
            hub.address().toString(),
            "HF_HOME",
            work.resolve("hf-home").toString(),
            "HF_HUB_DISABLE_XET",
            "1",
            "HF_HUB_DISABLE_TELEMETRY",
            "1"));
    delete(folder);
    delete(work.resolve("hf-home"));
  }

  private void loader(String name, String cache, Path work) throws Exception {
    Path folder = work.resolve("model");
    hub.takeFirstRequest();
    long before = System.nanoTime();
    time(name, loaderCommand(cache), loaderVariables(folder));
    if (!cache.isEmpty()) {
      starts.add((hub.takeFirstRequest() - before) / 1e6);
    }
    delete(folder);
  }

  private List<String> loaderCommand(String cache) {
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(Arrays.asList(flags.split(" ")));
    if (!cache.isEmpty()) {
      command.add(cache);
    }
    String classPath = System.getProperty("bench.classpath", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classPath, "io.llmaz.loader.Main"));
    return command;
  }

  private Map<String, String> loaderVariables(Path folder) {
    return Map.of(
        "MODEL_SOURCE_TYPE",
        "modelhub",
        "MODEL_ID",
        "b/b",
        "HF_ENDPOINT",
        hub.address().toString(),
        "LLMAZ_MODEL_ROOT",
        folder.toString());
  }

  private String train(Path work) throws Exception {
    Path cache = work.resolve("loader.aot");
    run(loaderCommand("-XX:AOTCacheOutput=" + cache), loaderVariables(work.resolve("model")));
    delete(work.resolve("model"));
    return "-XX:AOTCache=" + cache;
  }

  private void time(String name, List<String> command, Map<String, String> variables)
      throws Exception {
    List<String> timed = new ArrayList<>(List.of("/usr/bin/time", "-q", "-f", "%e %U %S %M"));
    timed.addAll(command);
    String[] last = run(timed, variables).strip().split("[\n ]");
    double[] numbers =
        Arrays.stream(last, last.length - 4, last.length)
            .mapToDouble(Double::parseDouble)
            .toArray();
    results.computeIfAbsent(name, n -> new ArrayList<>()).add(numbers);
  }

  private static String run(List<String> command, Map<String, String> variables)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(variables);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    String errors = new String(process.getErrorStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(command.getFirst() + " failed: " + errors);
    }
    return errors;
  }

  private static void floor() throws NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] block = new byte[1 << 20];
    for (int round = 0; round < 2; round++) {
      long begin = System.nanoTime();
      for (long at = 0; at < FILES * SIZE; at += block.length) {
        sha256.update(block);
      }
      if (round == 1) {
        System.out.printf(
            Locale.ROOT, "%-18s %5.2f s of processor%n", "sha256 alone", seconds(begin));
      }
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private void print() {
    double[] ours = median(Objects.requireNonNull(results.get("loader")));
    results.forEach((name, runs) -> {
      double[] m = median(runs);
      System.out.printf(
          Locale.ROOT,
          "%-18s %5.2f s wall, %5.2f s processor, %4.0f MiB; the loader: %4.2f x wall, %4.2f x processor%n",
          name,
          m[0],
          m[1],
          m[2],
          ours[0] / m[0],
          ours[1] / m[1]);
    });
    System.out.printf(
        Locale.ROOT,
        "loader: %.2f s of processor per GiB; start to first request %.0f ms%n",
        ours[1] * (1 << 30) / (FILES * SIZE),
        starts.stream().sorted().toList().get(starts.size() / 2));
  }

  /** Wall seconds, processor seconds, MiB. */
  private static double[] median(List<double[]> runs) {
    return new double[] {
      middle(runs.stream().mapToDouble(r -> r[0]).sorted().toArray()),
      middle(runs.stream().mapToDouble(r -> r[1] + r[2]).sorted().toArray()),
      middle(runs.stream().mapToDouble(r -> r[3] / 1024).sorted().toArray())
    };
  }

  private static double middle(double[] sorted) {
    return sorted[sorted.length / 2];
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
