package io.llmaz.bench;

import io.llmaz.local.stack.JavaProgram;
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
  private final Path home;
  private final URI hub;

  private LoaderProgram(List<String> flags, Path home, URI hub) {
    this.flags = flags;
    this.home = home;
    this.hub = hub;
  }

  static LoaderProgram trained(Path home, Path work, URI hub) throws Exception {
    Path cache = work.resolve("loader.aot");
    LoaderProgram training =
        new LoaderProgram(
            with(JavaProgram.loaderTuning(), "-XX:AOTCacheOutput=" + cache), home, hub);
    Path folder = work.resolve("training");
    var _ = TimedProcess.run(training.command(), training.variables(folder));
    TimedProcess.delete(folder);
    return new LoaderProgram(with(JavaProgram.loaderTuning(), "-XX:AOTCache=" + cache), home, hub);
  }

  List<String> command() {
    return PackagedProgram.command(home, "loader", flags);
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
