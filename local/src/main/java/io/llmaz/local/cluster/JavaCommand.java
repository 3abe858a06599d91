package io.llmaz.local.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A command line of {@code java}, taken apart.
 *
 * @param options options of the JVM without the class path
 * @param classPath its entries; {@code dir/*} stands for the jars of a folder
 * @param mainClass what is run
 * @param arguments its arguments
 */
record JavaCommand(
    List<String> options, List<String> classPath, String mainClass, List<String> arguments) {
  private static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path");

  JavaCommand {
    options = List.copyOf(options);
    classPath = List.copyOf(classPath);
    arguments = List.copyOf(arguments);
  }

  /**
   * Takes a command apart.
   *
   * @throws ContainerProblem when it is not one of {@code java}, which is all a local node runs
   */
  static JavaCommand parse(List<String> command) throws ContainerProblem {
    if (command.isEmpty() || !("/" + command.getFirst()).endsWith("/java")) {
      throw new ContainerProblem(
          "CreateContainerError",
          "a local node runs Java programs only, not: "
              + (command.isEmpty() ? "an empty command" : command.getFirst()));
    }
    List<String> options = new ArrayList<>();
    List<String> classPath = new ArrayList<>();
    for (int i = 1; i < command.size(); i++) {
      String word = command.get(i);
      boolean hasNext = i + 1 < command.size();
      if (CLASS_PATH.contains(word) && hasNext) {
        classPath.addAll(List.of(command.get(++i).split(File.pathSeparator)));
      } else if (word.equals("-jar") && hasNext) {
        classPath.add(command.get(i + 1));
        return new JavaCommand(
            options,
            classPath,
            mainClass(Path.of(command.get(i + 1))),
            command.subList(i + 2, command.size()));
      } else if (word.startsWith("-")) {
        options.add(word);
      } else {
        return new JavaCommand(options, classPath, word, command.subList(i + 1, command.size()));
      }
    }
    throw new ContainerProblem("CreateContainerError", "a java command without a main class");
  }

  private static String mainClass(Path jar) throws ContainerProblem {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      @Nullable String name =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
      if (name != null) {
        return name;
      }
    } catch (IOException e) {
      throw new ContainerProblem("CreateContainerError", "cannot read " + jar, e);
    }
    throw new ContainerProblem("CreateContainerError", "no Main-Class in " + jar);
  }

  /**
   * The command that runs it under {@link ChildMain}.
   *
   * @param java the program {@code java} of this machine
   * @param further JVM options of the node's, after the command's own
   * @param behind class path entries behind the command's own; one must hold {@link ChildMain}
   */
  List<String> underParent(Path java, List<String> further, List<Path> behind) {
    List<String> entries = new ArrayList<>(classPath);
    behind.forEach(path -> entries.add(path.toString()));
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(options);
    command.addAll(further);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, entries));
    command.add(ChildMain.class.getName());
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }
}
