package io.llmaz.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a program cost, by {@code /usr/bin/time}.
 *
 * @param wall seconds
 * @param processor seconds, of user and system
 * @param resident MiB at the most
 */
record TimedProcess(double wall, double processor, double resident) {

  /**
   * Runs it to its end, its output thrown away.
   *
   * @throws IOException when it does not end with 0; the message holds what it said
   */
  static TimedProcess run(List<String> command, Map<String, String> variables)
      throws IOException, InterruptedException {
    List<String> timed = new ArrayList<>(List.of("/usr/bin/time", "-q", "-f", "%e %U %S %M"));
    timed.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(timed).redirectOutput(Redirect.DISCARD);
    builder.environment().putAll(variables);
    Process process = builder.start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command.getFirst() + " failed: " + said);
    }
    String[] words = said.strip().split("\\s+");
    double[] n =
        Arrays.stream(words, words.length - 4, words.length)
            .mapToDouble(Double::parseDouble)
            .toArray();
    return new TimedProcess(n[0], n[1] + n[2], n[3] / 1024);
  }

  /** The middle of each figure by itself. */
  static TimedProcess median(List<TimedProcess> runs) {
    return new TimedProcess(
        middle(runs.stream().mapToDouble(TimedProcess::wall).toArray()),
        middle(runs.stream().mapToDouble(TimedProcess::processor).toArray()),
        middle(runs.stream().mapToDouble(TimedProcess::resident).toArray()));
  }

  /** Seconds of user and system that a running process has used. */
  static double processorSeconds(long pid) {
    return ProcessHandle.of(pid)
            .flatMap(process -> process.info().totalCpuDuration())
            .orElseThrow()
            .toMillis()
        / 1000.0;
  }

  static double middle(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Removes a folder with all that is in it, if it is there. */
  static void delete(Path folder) throws IOException, InterruptedException {
    new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().waitFor();
  }
}
