package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pod on its node, from its first container to its last process.
 *
 * <p>A virtual thread runs the init containers in order and then starts one thread for each
 * container, which starts its process, probes it, and starts it again when it ends. {@link #stop}
 * interrupts these threads; each ends the process it started before it ends itself.
 */
final class PodRun {
  private static final Logger LOG = LoggerFactory.getLogger(PodRun.class);

  /** What a pod needs of its node. */
  record Surroundings(
      NodeImages images,
      ContainerEnvironment environment,
      PodVolumes volumes,
      LaunchSettings launch,
      HttpClient probes,
      PodReport report,
      PodEvents events) {}

  private final Pod pod;
  private final String podAddress;
  private final Path folder;
  private final Surroundings node;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, Process> processes = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  PodRun(Pod pod, String podAddress, Path folder, Surroundings node) {
    this.pod = pod;
    this.podAddress = podAddress;
    this.folder = folder;
    this.node = node;
  }

  Surroundings node() {
    return node;
  }

  String address() {
    return podAddress;
  }

  void start() {
    thread(pod.getMetadata().getName(), this::run);
  }

  /** Does something beside, until the pod is stopped. */
  void thread(String name, Runnable body) {
    synchronized (threads) {
      if (!stopping) {
        threads.add(Thread.ofVirtual().name("pod-" + name).start(body));
      }
    }
  }

  private void run() {
    try {
      for (Container container : pod.getSpec().getInitContainers()) {
        if (!runToEnd(container, true)) {
          return;
        }
      }
      for (Container container : pod.getSpec().getContainers()) {
        thread(pod.getMetadata().getName() + "-" + container.getName(), () -> serve(container));
      }
    } catch (InterruptedException e) {
      LOG.trace("pod {}: stopped", pod.getMetadata().getName());
    }
  }

  private void serve(Container container) {
    try {
      runToEnd(container, false);
    } catch (InterruptedException e) {
      LOG.trace("container {}: stopped", container.getName());
    }
  }

  /** Runs a container until it needs no further start; says whether it ended well. */
  private boolean runToEnd(Container container, boolean init) throws InterruptedException {
    String name = container.getName();
    String policy = Objects.requireNonNullElse(pod.getSpec().getRestartPolicy(), "Always");
    Backoff backoff = new Backoff();
    while (true) {
      try {
        int exitCode = runOnce(container, init);
        node.report().ended(name, exitCode, PodLogs.lastLine(folder, name));
        boolean again =
            switch (policy) {
              case "Never" -> false;
              case "OnFailure" -> exitCode != 0;
              default -> !init || exitCode != 0;
            };
        if (!again) {
          return exitCode == 0;
        }
        Duration wait = backoff.next();
        node.report()
            .backingOff(
                name,
                "back-off %s restarting failed container=%s: it ended with %d"
                    .formatted(wait, name, exitCode));
        node.events().warning("BackOff", "Back-off restarting failed container " + name);
        Thread.sleep(wait);
      } catch (ContainerProblem e) {
        node.report().waiting(name, e.reason(), e.text());
        node.events().warning("Failed", e.text());
        Thread.sleep(backoff.next());
        if (e.reason().equals("ErrImagePull")) {
          node.report().waiting(name, "ImagePullBackOff", e.text());
          Thread.sleep(backoff.next());
        }
      }
    }
  }

  private int runOnce(Container container, boolean init)
      throws ContainerProblem, InterruptedException {
    String image = container.getImage();
    boolean here = node.images().isHere(image);
    if (!here) {
      node.events().normal("Pulling", "Pulling image \"" + image + "\"");
    }
    ImageProgram program = node.images().get(image);
    if (!here) {
      node.events().normal("Pulled", "Successfully pulled image \"" + image + "\"");
    }
    Process process = launch(container, program);
    processes.put(container.getName(), process);
    try {
      node.report().running(container.getName(), program.imageId());
      node.events().normal("Started", "Started container " + container.getName());
      if (!init) {
        new ContainerProbes(container, process, this).watch();
      }
      return process.waitFor();
    } catch (InterruptedException e) {
      end(process);
      throw e;
    } finally {
      // Whatever else went wrong, no process outlives the thread that knows it.
      process.destroyForcibly();
      processes.remove(container.getName(), process);
    }
  }

  private Process launch(Container container, ImageProgram program) throws ContainerProblem {
    try {
      node.volumes().prepare();
      Map<String, Path> places = new HashMap<>(program.places());
      places.putAll(node.volumes().mounts(container));
      HostView view = new HostView(places, podAddress);
      Map<String, String> variables = node.environment().of(container);
      List<String> command =
          program.command(container.getCommand(), container.getArgs(), variables, view);
      Path work = Files.createDirectories(folder.resolve("work").resolve(container.getName()));
      return node.launch()
          .start(
              JavaCommand.parse(command),
              program.environment(variables, view),
              work,
              PodLogs.file(folder, container.getName()),
              program.root().isPresent());
    } catch (IOException | IllegalArgumentException e) {
      throw new ContainerProblem(
          "CreateContainerError", "cannot start " + container.getName() + ": " + e.getMessage(), e);
    }
  }

  /** Ends a process with the pod's grace. */
  void end(Process process) {
    process.destroy();
    long seconds =
        Math.min(
            Objects.requireNonNullElse(pod.getSpec().getTerminationGracePeriodSeconds(), 30L),
            node.launch().mostGrace().toSeconds());
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends all processes, with their grace, and waits for it. */
  void stop() {
    List<Thread> running;
    synchronized (threads) {
      stopping = true;
      running = List.copyOf(threads);
    }
    // All are told at once, so that their graces pass side by side.
    processes.values().forEach(Process::destroy);
    running.forEach(Thread::interrupt);
    for (Thread thread : running) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        processes.values().forEach(Process::destroyForcibly);
        Thread.currentThread().interrupt();
      }
    }
  }
}
