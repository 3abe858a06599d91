package io.llmaz.cli.demo;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.local.stack.LocalStack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Looks for the hub's token everywhere but in the gateway and in the Secret it reads: requests at
 * the hub that carried it and did not come from the gateway, API objects, every small file that the
 * run wrote (logs, environments, stores' records), and processes' arguments and environments.
 */
final class TokenSearch {
  private static final long LARGEST_FILE = 4 << 20;

  private final LocalStack stack;
  private final Path folder;

  TokenSearch(LocalStack stack, Path folder) {
    this.stack = stack;
    this.folder = folder;
  }

  /** Where it was found; empty is as it should be. */
  List<String> search() throws IOException {
    List<String> found = new ArrayList<>();
    long requests =
        stack.hub().log().tokensSeenOutside(request -> request.userAgent().contains("gateway"));
    if (requests > 0) {
      found.add(requests + " requests at the hub that were not the gateway's");
    }
    searchObjects(found);
    searchFiles(found);
    searchProcesses(found);
    return found;
  }

  private void searchObjects(List<String> found) {
    List<Object> objects = new ArrayList<>();
    objects.addAll(stack.client().resources(P2PTask.class).list().getItems());
    objects.addAll(stack.client().resources(OpenModel.class).list().getItems());
    objects.addAll(stack.client().configMaps().inAnyNamespace().list().getItems());
    objects.addAll(stack.client().pods().inAnyNamespace().list().getItems());
    objects.addAll(stack.client().events().v1().events().inAnyNamespace().list().getItems());
    for (Object object : objects) {
      if (holds(Serialization.asJson(object))) {
        found.add("an API object of kind " + object.getClass().getSimpleName());
      }
    }
  }

  private void searchFiles(List<String> found) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> small =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toFile().length() <= LARGEST_FILE)
              .toList();
      for (Path file : small) {
        if (holds(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))) {
          found.add("file " + folder.relativize(file));
        }
      }
    }
  }

  private void searchProcesses(List<String> found) throws IOException {
    List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
    for (ProcessHandle child : children) {
      for (String what : new String[] {"cmdline", "environ"}) {
        Path proc = Path.of("/proc", Long.toString(child.pid()), what);
        if (Files.isReadable(proc)
            && holds(new String(Files.readAllBytes(proc), StandardCharsets.ISO_8859_1))) {
          found.add(what + " of process " + child.pid());
        }
      }
    }
  }

  private boolean holds(String text) {
    String token = stack.hubToken();
    return text.contains(token)
        || text.contains(
            Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
  }
}
