package io.llmaz.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands of a page: the lines of its fenced blocks. */
final class TutorialCommands {
  private TutorialCommands() {}

  static List<String> of(Path page) throws IOException {
    List<String> commands = new ArrayList<>();
    boolean fenced = false;
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("```")) {
        fenced = !fenced;
      } else if (fenced && !line.isBlank()) {
        commands.add(line.strip());
      }
    }
    return commands;
  }
}
