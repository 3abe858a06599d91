package io.llmaz.local.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an image runs on this machine.
 *
 * @param imageId what the image is, for the container's status
 * @param entrypoint the command when the container names none; {@code java} and its arguments
 * @param arguments what follows the entrypoint when the container gives no arguments
 * @param environment variables; the container's own win
 * @param root the unpacked image; empty for a program of this machine, whose entrypoint is not
 *     rewritten
 */
public record ImageProgram(
    String imageId,
    List<String> entrypoint,
    List<String> arguments,
    Map<String, String> environment,
    Optional<Path> root) {

  public ImageProgram {
    entrypoint = List.copyOf(entrypoint);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /**
   * A Java program of this machine.
   *
   * @param mainClass what is run
   * @param classPath where it is
   * @param jvmOptions for example {@code -Xmx64m}
   * @param environment variables it gets; values are rewritten like a container's, so that a path
   *     below a mount may be named as the container has it
   */
  public static ImageProgram ofJava(
      String mainClass,
      List<Path> classPath,
      List<String> jvmOptions,
      Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add("java");
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(mainClass);
    return new ImageProgram(
        "local:" + mainClass, command, List.of(), environment, Optional.empty());
  }

  /** Folders of the unpacked image by their absolute path in it. */
  Map<String, Path> places() throws IOException {
    if (root.isEmpty()) {
      return Map.of();
    }
    Map<String, Path> places = new HashMap<>();
    try (Stream<Path> top = Files.list(root.get())) {
      top.forEach(path -> places.put("/" + path.getFileName(), path));
    }
    return places;
  }

  /** The whole command: the container's where it has one, as Kubernetes combines them. */
  List<String> command(
      List<String> containerCommand,
      List<String> containerArguments,
      Map<String, String> variables,
      HostView view) {
    List<String> command = new ArrayList<>();
    if (containerCommand.isEmpty()) {
      entrypoint.forEach(word -> command.add(root.isEmpty() ? word : view.rewrite(word)));
    } else {
      containerCommand.forEach(
          word -> command.add(view.rewrite(VariableExpansion.expand(word, variables))));
    }
    if (containerCommand.isEmpty() && containerArguments.isEmpty()) {
      arguments.forEach(word -> command.add(view.rewrite(word)));
    }
    containerArguments.forEach(
        word -> command.add(view.rewrite(VariableExpansion.expand(word, variables))));
    return command;
  }

  /** The image's variables under the container's, rewritten for this machine. */
  Map<String, String> environment(Map<String, String> variables, HostView view) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.putAll(variables);
    all.replaceAll((name, value) -> view.rewrite(value));
    return all;
  }
}
