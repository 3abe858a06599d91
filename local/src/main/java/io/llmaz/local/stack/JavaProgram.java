package io.llmaz.local.stack;

import io.llmaz.local.cluster.ChildMain;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How this build's programs are started: fast and lean, many on one machine.
 *
 * <p>The loader's JVM compiles late ({@code CompileThresholdScaling}), as it runs too short to be
 * worth a compiler's time; but for the loop of sha256, which is compiled at its first use and never
 * into its caller, because only so the processor's own instructions take its place. The gateway
 * only moves bytes, for which the first compiler is enough.
 */
public final class JavaProgram {
  private static final String DIGEST_LOOP =
      "sun.security.provider.DigestBase::implCompressMultiBlock";
  private static final Map<String, List<String>> TUNING =
      Map.of(
          "loader",
          List.of(
              "-Xmx64m",
              "-XX:CompileThresholdScaling=10",
              "-XX:CompileCommand=quiet",
              "-XX:CompileCommand=CompileThresholdScaling," + DIGEST_LOOP + "*,0.0001",
              "-XX:CompileCommand=dontinline," + DIGEST_LOOP),
          "gateway",
          List.of("-Xmx192m", "-XX:TieredStopAtLevel=1"));

  private JavaProgram() {}

  /** The JVM's options of the loader; {@code images/build} gives its image the same. */
  public static List<String> loaderTuning() {
    return tuning("loader");
  }

  /**
   * The JVM's options.
   *
   * @param module {@code loader} or {@code gateway}
   */
  static List<String> options(Programs programs, String module) {
    List<String> options = new ArrayList<>(tuning(module));
    options.addAll(programs.aotOptions(module));
    return options;
  }

  private static List<String> tuning(String module) {
    List<String> tuning = new ArrayList<>(List.of("-XX:+UseSerialGC"));
    tuning.addAll(TUNING.getOrDefault(module, List.of()));
    return tuning;
  }

  /** A command that runs a program's main class and ends with this process. */
  static List<String> command(Programs programs, String module, String mainClass) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options(programs, module));
    command.add("-cp");
    List<Path> classPath = new ArrayList<>(programs.classPath(module));
    classPath.add(ChildMain.classPath());
    command.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(ChildMain.class.getName());
    command.add(mainClass);
    return command;
  }
}
