package io.llmaz.local.stack;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How this build's small programs are started: fast and lean, many on one machine. */
final class JavaProgram {
  private JavaProgram() {}

  static List<String> options(Programs programs, String module, List<String> more) {
    List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    programs
        .aotCache(module)
        .ifPresent(cache ->
            options.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off")));
    options.addAll(more);
    return options;
  }

  static List<String> command(
      Programs programs, String module, String mainClass, List<String> more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options(programs, module, more));
    command.add("-cp");
    command.add(
        programs.classPath(module).stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(mainClass);
    return command;
  }
}
