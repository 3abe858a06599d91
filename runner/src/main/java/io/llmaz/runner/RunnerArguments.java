package io.llmaz.runner;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line, with the flags that vLLM and its like use.
 *
 * @param model directory of the model's files
 * @param servedModelName the name that requests give in {@code model}
 * @param host address to listen on
 * @param port TCP port, 0 for a free one
 */
record RunnerArguments(Path model, String servedModelName, String host, int port) {
  static final String USAGE =
      "usage: --model DIR [--served-model-name NAME] [--host ADDRESS] [--port PORT]";

  RunnerArguments {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("--port is 0 to 65535, not " + port);
    }
    if (servedModelName.isBlank()) {
      throw new IllegalArgumentException("--served-model-name is empty");
    }
  }

  /**
   * Reads {@code --flag value} and {@code --flag=value}.
   *
   * @throws IllegalArgumentException naming the argument that is wrong
   */
  static RunnerArguments parse(List<String> arguments) {
    @Nullable String model = null;
    @Nullable String name = null;
    String host = "127.0.0.1";
    int port = 8080;
    for (int i = 0; i < arguments.size(); i++) {
      String flag = arguments.get(i);
      String value;
      int equals = flag.indexOf('=');
      if (flag.startsWith("--") && equals > 0) {
        value = flag.substring(equals + 1);
        flag = flag.substring(0, equals);
      } else if (i + 1 < arguments.size()) {
        value = arguments.get(++i);
      } else {
        throw new IllegalArgumentException("no value after: " + flag);
      }
      switch (flag) {
        case "--model" -> model = value;
        case "--served-model-name" -> name = value;
        case "--host" -> host = value;
        case "--port" -> port = number(value);
        default -> throw new IllegalArgumentException("unknown argument: " + flag);
      }
    }
    if (model == null || model.isBlank()) {
      throw new IllegalArgumentException("--model is missing");
    }
    Path directory = Path.of(model);
    Path last = directory.getFileName();
    return new RunnerArguments(
        directory, name != null ? name : last == null ? model : last.toString(), host, port);
  }

  private static int number(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--port is a number, not: " + value, e);
    }
  }
}
