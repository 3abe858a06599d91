package io.llmaz.cli.dfget;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Dragonfly's own dfget with options that mean the same as ours. What hubs and object stores want
 * goes into its environment: everybody on the machine sees the arguments of a process.
 */
final class EngineBinary {
  private EngineBinary() {}

  /**
   * Runs it to its end.
   *
   * @throws IOException with its last line when it fails
   */
  static void run(DfgetOptions options) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command(options)).redirectErrorStream(true);
    builder.environment().putAll(variables(options));
    Process process = builder.start();
    try {
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        String reason = output.substring(output.lastIndexOf(10) + 1);
        throw new IOException(
            options.engineBinary + " ended with " + process.exitValue() + ": " + reason);
      }
    } finally {
      process.destroy();
    }
  }

  private static Map<String, String> variables(DfgetOptions options) {
    return Stream.of(options.hubs.variables(), options.storage.variables())
        .flatMap(variables -> variables.entrySet().stream())
        .filter(variable -> !variable.getValue().isEmpty())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static List<String> command(DfgetOptions options) {
    List<String> command = new ArrayList<>();
    command.add(Objects.requireNonNull(options.engineBinary).toString());
    command.add(options.url.toString());
    add(command, "--output", options.output.toAbsolutePath().toString());
    add(command, "--endpoint", options.endpoint.toString());
    add(command, "--content-for-calculating-task-id", options.contentKey);
    add(command, "--timeout", options.timeout);
    add(command, "--digest", Objects.requireNonNullElse(options.digest, ""));
    add(command, "--priority", Integer.toString(options.priority));
    add(command, "--scheduling-policy", options.schedulingPolicy.name().toLowerCase(Locale.ROOT));
    add(command, "--piece-length", Objects.requireNonNullElse(options.pieceLength, ""));
    add(command, "--application", options.application);
    add(command, "--tag", options.tag);
    options.headers.forEach(header -> add(command, "--header", header));
    options.filteredQueryParams.forEach(name -> add(command, "--filtered-query-param", name));
    flag(command, "--transfer-from-dfdaemon", options.transfer);
    flag(command, "--overwrite", options.overwrite);
    flag(command, "--force-hard-link", options.forceHardLink);
    flag(command, "--disable-back-to-source", options.disableBackToSource);
    if (options.ofFolder()) {
      flag(command, "--recursive", options.folder.recursive);
      options.folder.includeFiles.forEach(name -> add(command, "--include-files", name));
      add(command, "--max-files", Integer.toString(options.folder.maxFiles));
      add(
          command,
          "--max-concurrent-requests",
          Integer.toString(options.folder.maxConcurrentRequests));
    }
    command.add("--no-progress");
    return command;
  }

  private static void add(List<String> command, String name, String value) {
    if (!value.isEmpty()) {
      command.add(name);
      command.add(value);
    }
  }

  private static void flag(List<String> command, String name, boolean set) {
    if (set) {
      command.add(name);
    }
  }
}
