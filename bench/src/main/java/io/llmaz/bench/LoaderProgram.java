package io.llmaz.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The packaged model-loader, started as its image starts it, with a cache that one download has
 * trained.
 */
final class LoaderProgram {
  private final List<String> flags;
  private final Path jars;
  private final URI hub;

  private LoaderProgram(List<String> flags, Path jars, URI hub) {
    this.flags = flags;
    this.jars = jars;
    this.hub = hub;
  }

  static LoaderProgram trained(Path home, Path work, URI hub) throws Exception {
    Path jars = home.resolve("loader/target/dist");
    Path cache = work.resolve("loader.aot");
    List<String> flags = List.of("-XX:+UseSerialGC", "-Xmx64m", "-XX:CompileThresholdScaling=10");
    LoaderProgram training =
        new LoaderProgram(with(flags, "-XX:AOTCacheOutput=" + cache), jars, hub);
    Path folder = work.resolve("training");
    TimedProcess unused = TimedProcess.run(training.command(), training.variables(folder));
    TimedProcess.delete(folder);
    return new LoaderProgram(with(flags, "-XX:AOTCache=" + cache), jars, hub);
  }

  List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", jars + "/*", "io.llmaz.loader.Main"));
    return command;
  }

  Map<String, String> variables(Path folder) {
    return Map.of(
        "MODEL_SOURCE_TYPE",
        "modelhub",
        "MODEL_ID",
        "b/b",
        "HF_ENDPOINT",
        hub.toString(),
        "LLMAZ_MODEL_ROOT",
        folder.toString());
  }

  private static List<String> with(List<String> flags, String flag) {
    List<String> all = new ArrayList<>(flags);
    all.add(flag);
    return all;
  }
}
