package io.llmaz.cli.demo;

import io.fabric8.kubernetes.api.model.Pod;
import io.llmaz.api.inference.Playground;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskStatus;
import io.llmaz.cli.Examples;
import io.llmaz.local.engine.EngineNode;
import io.llmaz.local.engine.traffic.Traffic;
import io.llmaz.local.hub.HubLog;
import io.llmaz.local.stack.LocalStack;
import io.llmaz.local.stack.LocalStackConfig;
import io.llmaz.local.stack.Programs;
import io.llmaz.local.stack.StackNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The script: the first replicas, the scale-out, the same without P2P; each measured by what left
 * the source and what each node's daemon moved.
 */
final class DemoStory {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final long LOOK_MILLIS = 100;

  private final DemoOptions options;
  private final Path folder;
  private final Progress progress;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  DemoStory(DemoOptions options, Path folder, PrintStream out) {
    this.options = options;
    this.folder = folder;
    this.progress = new Progress(out);
  }

  /** What happened when some replicas were wanted. */
  private record Served(List<Pod> pods, List<Replicas.Answer> answers, double seconds) {}

  DemoResult run() throws IOException, InterruptedException, TimeoutException {
    try (http) {
      DemoMeasures measures = new DemoMeasures(options);
      try (LocalStack stack = start("p2p", true)) {
        progress.line(
            "hub %s, registry %s, API server %s, %d nodes and a seed, source link %s"
                .formatted(
                    stack.hub().hubAddress(),
                    stack.hub().registryAddress(),
                    stack.controlPlane().uri(),
                    options.replicas(),
                    options.sourceBandwidth()));
        firstStory(stack, measures);
        if (!options.killEngine()) {
          secondStory(stack, measures);
        }
        measures.nodes(nodes(stack));
        measures.source(stack.hub().log());
        measures.secrets(new TokenSearch(stack, folder.resolve("p2p")).search());
      }
      if (!options.killEngine()) {
        baseline(measures);
      }
      return measures.result();
    }
  }

  private LocalStack start(String name, boolean p2p) throws IOException {
    return LocalStack.start(
        new LocalStackConfig(
            folder.resolve(name),
            Optional.empty(),
            options.replicas(),
            p2p,
            Optional.of(options.sourceBandwidth()),
            options.modelDirectory(),
            Programs.of(options.home()),
            0));
  }

  private void firstStory(LocalStack stack, DemoMeasures measures)
      throws IOException, InterruptedException, TimeoutException {
    progress.line("apply docs/examples/embeddings/playground.yaml");
    Instant begin = Instant.now();
    stack.controlPlane().apply(Examples.embeddings(stack));
    if (options.killEngine()) {
      killInMidDownload(stack);
    }
    Served served = awaitReplicas(stack, options.replicas(), begin);
    measures.first(served.seconds(), served.answers(), LoaderLogs.of(stack, served.pods()));
    measures.tasks(stack.client().resources(P2PTask.class).list().getItems());
  }

  private void killInMidDownload(LocalStack stack) throws InterruptedException, TimeoutException {
    await(
        "the download to be under way",
        () -> {
          List<P2PTask> tasks = stack.client().resources(P2PTask.class).list().getItems();
          progress.tasks(tasks);
          return tasks.stream()
              .map(P2PTask::getStatus)
              .anyMatch(status ->
                  status != null
                      && "model".equals(status.kind())
                      && status.bytes() != null
                      && status.bytes().distributed() > 0
                      && status.bytes().distributed() < status.bytes().total());
        });
    stack.killEngine();
    progress.line("the engine was killed: seed, every node's daemon, the scheduler");
  }

  private void secondStory(LocalStack stack, DemoMeasures measures)
      throws IOException, InterruptedException, TimeoutException {
    if (options.corruptPeer()) {
      // All nodes, each in other pieces: what is spoilt in one is as it was in the others. And no
      // seed, which would feed one fresh node after the other where those come one by one.
      List<StackNode> nodes = stack.nodes();
      for (int i = 0; i < nodes.size(); i++) {
        EngineNode victim = nodes.get(i).daemon().orElseThrow();
        progress.line("flipped bits in " + StoreCorruption.flip(victim, i, nodes.size()));
      }
      stack.seed().ifPresent(EngineNode::close);
      progress.line("the seed went away");
    }
    HubLog.Totals before = stack.hub().log().totals();
    int wanted = options.replicas() * 2;
    progress.line("scale to " + wanted + " on " + options.replicas() + " fresh nodes");
    Instant begin = Instant.now();
    stack.addNodes(options.replicas());
    stack
        .client()
        .resources(Playground.class)
        .inNamespace("default")
        .withName("embeddings")
        .scale(wanted);
    Served served = awaitReplicas(stack, wanted, begin);
    long sourceBytes = stack.hub().log().totals().bytes() - before.bytes();
    measures.scaleOut(
        wanted,
        served.seconds(),
        sourceBytes,
        served.answers(),
        LoaderLogs.of(stack, served.pods()));
  }

  private void baseline(DemoMeasures measures)
      throws IOException, InterruptedException, TimeoutException {
    progress.line("the same from scratch without P2P, as llmaz does it");
    try (LocalStack stack = start("direct", false)) {
      Instant begin = Instant.now();
      stack.controlPlane().apply(Examples.embeddings(stack));
      Served served = awaitReplicas(stack, options.replicas(), begin);
      measures.withoutP2P(served.seconds(), stack.hub().log().totals().bytes());
    }
  }

  private Served awaitReplicas(LocalStack stack, int wanted, Instant begin)
      throws IOException, InterruptedException, TimeoutException {
    Replicas replicas = new Replicas(stack.client(), http);
    await(
        wanted + " replicas to be ready",
        () -> {
          progress.tasks(stack.client().resources(P2PTask.class).list().getItems());
          List<Pod> ready = replicas.ready();
          ready.forEach(pod ->
              progress.once(
                  pod.getMetadata().getName(),
                  pod.getMetadata().getName()
                      + " on "
                      + pod.getSpec().getNodeName()
                      + " is ready"));
          if (ready.size() >= wanted) {
            return true;
          }
          replicas
              .all()
              .forEach(pod ->
                  Replicas.trouble(pod)
                      .ifPresent(trouble ->
                          progress.once(
                              "trouble of " + pod.getMetadata().getName(),
                              pod.getMetadata().getName() + ": " + trouble)));
          return false;
        });
    List<Replicas.Answer> answers = new ArrayList<>();
    for (Pod pod : replicas.ready()) {
      answers.add(replicas.ask(pod));
    }
    double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
    progress.line("%d replicas answered after %.1f s".formatted(answers.size(), seconds));
    return new Served(replicas.ready(), answers, seconds);
  }

  /** Something that will be so. */
  private interface Eventually {
    boolean holds();
  }

  private static void await(String what, Eventually condition)
      throws InterruptedException, TimeoutException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.holds()) {
      if (Instant.now().isAfter(end)) {
        throw new TimeoutException(
            "waited " + PATIENCE.toSeconds() + " s in vain for " + what + "; see the log");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private static List<DemoMeasures.NodeTraffic> nodes(LocalStack stack) {
    List<DemoMeasures.NodeTraffic> nodes = new ArrayList<>();
    stack.seed().ifPresent(seed -> nodes.add(of("seed", seed.traffic())));
    for (StackNode node : stack.nodes()) {
      node.daemon().ifPresent(daemon -> nodes.add(of(node.name(), daemon.traffic())));
    }
    return nodes;
  }

  private static DemoMeasures.NodeTraffic of(String name, Traffic traffic) {
    return new DemoMeasures.NodeTraffic(name, traffic);
  }

  static boolean fellBack(List<P2PTask> tasks) {
    return tasks.stream()
        .map(P2PTask::getStatus)
        .filter(status -> status != null)
        .map(P2PTaskStatus::conditions)
        .flatMap(List::stream)
        .anyMatch(c -> "FallbackToSource".equals(c.getReason()));
  }
}
