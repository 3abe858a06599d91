package io.llmaz.cli.dfget;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The command line of Dragonfly's own dfget that means the same as our options. */
final class EngineBinary {
  private EngineBinary() {}

  static List<String> command(DfgetOptions options) {
    List<String> command = new ArrayList<>();
    command.add(Objects.requireNonNull(options.engineBinary).toString());
    command.add(options.url.toString());
    add(command, "--output", options.output.toAbsolutePath().toString());
    add(command, "--endpoint", options.endpoint.toString());
    add(command, "--content-for-calculating-task-id", options.contentKey);
    add(command, "--timeout", options.timeout);
    add(command, "--digest", Objects.requireNonNullElse(options.digest, ""));
    add(command, "--priority", Integer.toString(options.priority));
    add(command, "--piece-length", Objects.requireNonNullElse(options.pieceLength, ""));
    add(command, "--application", options.application);
    add(command, "--tag", options.tag);
    options.headers.forEach(header -> add(command, "--header", header));
    options.filteredQueryParams.forEach(name -> add(command, "--filtered-query-param", name));
    flag(command, "--transfer-from-dfdaemon", options.transfer);
    flag(command, "--overwrite", options.overwrite);
    flag(command, "--force-hard-link", options.forceHardLink);
    flag(command, "--disable-back-to-source", options.disableBackToSource);
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
