package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Deployments become ReplicaSets, these pods, and these processes of this machine.
 *
 * <p>Each controller has one thread. Watches put keys into their queues; what to do is decided from
 * the API server's present state. Closing ends every process that was started; the objects stay.
 */
public final class LocalCluster implements AutoCloseable {
  private final KubernetesClient client;
  private final LocalClusterConfig config;
  private final ControlLoop deployments;
  private final ControlLoop replicaSets;
  private final ControlLoop scheduler;
  private final ControlLoop pods;
  private final Map<String, LocalNode> nodes = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Pod> seen = new ConcurrentHashMap<>();
  private final List<SharedIndexInformer<?>> watches = new ArrayList<>();

  private LocalCluster(KubernetesClient client, LocalClusterConfig config) {
    this.client = client;
    this.config = config;
    this.deployments =
        new ControlLoop("deployments", new DeploymentController(client, config.clock())::reconcile);
    this.replicaSets =
        new ControlLoop(
            "replicasets", new ReplicaSetController(client, new SplittableRandom())::reconcile);
    this.scheduler =
        new ControlLoop("scheduler", new PodScheduler(client, config.clock())::reconcile);
    this.pods = new ControlLoop("nodes", this::reconcilePod);
  }

  /**
   * Starts the controllers and the scheduler; nodes come with {@link #addNode}.
   *
   * @param client to any API server; the caller closes it, after this
   */
  public static LocalCluster start(KubernetesClient client, LocalClusterConfig config) {
    LocalCluster cluster = new LocalCluster(client, config);
    cluster.watch();
    return cluster;
  }

  private void watch() {
    watches.add(
        client
            .apps()
            .deployments()
            .inAnyNamespace()
            .inform(onAny((Deployment d, Boolean gone) -> deployments.add(ObjectKey.of(d)))));
    watches.add(
        client
            .apps()
            .replicaSets()
            .inAnyNamespace()
            .inform(
                onAny((ReplicaSet set, Boolean gone) -> {
                  replicaSets.add(ObjectKey.of(set));
                  owner(set, "Deployment", deployments::add);
                })));
    watches.add(client.pods().inAnyNamespace().inform(onAny(this::podChanged)));
    watches.add(client.nodes().inform(onAny((Node node, Boolean gone) -> scheduleWaiting())));
  }

  private void podChanged(Pod pod, boolean gone) {
    ObjectKey key = ObjectKey.of(pod);
    owner(pod, "ReplicaSet", replicaSets::add);
    if (gone) {
      seen.remove(key);
      localNode(pod).ifPresent(node -> node.forget(pod.getMetadata().getUid()));
      return;
    }
    seen.put(key, pod);
    if (PodScheduler.isMine(pod)) {
      scheduler.add(key);
    } else if (localNode(pod).isPresent()) {
      pods.add(key);
    }
  }

  private void reconcilePod(ObjectKey key) {
    Pod pod = seen.get(key);
    if (pod != null) {
      localNode(pod).ifPresent(node -> node.reconcile(pod));
    }
  }

  private void scheduleWaiting() {
    seen.values().stream()
        .filter(PodScheduler::isMine)
        .forEach(pod -> scheduler.add(ObjectKey.of(pod)));
  }

  private Optional<LocalNode> localNode(Pod pod) {
    return Pods.isScheduled(pod)
        ? Optional.ofNullable(nodes.get(pod.getSpec().getNodeName()))
        : Optional.empty();
  }

  private static void owner(HasMetadata object, String kind, Consumer<ObjectKey> queue) {
    for (OwnerReference owner : object.getMetadata().getOwnerReferences()) {
      if (owner.getKind().equals(kind)) {
        queue.accept(new ObjectKey(object.getMetadata().getNamespace(), owner.getName()));
      }
    }
  }

  private static <T extends HasMetadata> ResourceEventHandler<T> onAny(
      BiConsumer<T, Boolean> change) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        change.accept(object, false);
      }

      @Override
      public void onUpdate(T before, T object) {
        change.accept(object, false);
      }

      @Override
      public void onDelete(T object, boolean unknown) {
        change.accept(object, true);
      }
    };
  }

  /**
   * Adds a node and runs what is bound to it, also from an earlier life in the same folder.
   *
   * @throws IllegalArgumentException when there is a node of that name
   * @throws IOException when its folder cannot be cleared of what is gone
   */
  public LocalNode addNode(LocalNodeConfig node) throws IOException {
    LocalNode local =
        new LocalNode(
            client,
            node,
            config.folder().resolve("nodes").resolve(node.name()),
            config.images(),
            new LaunchSettings(
                config.javaHome().resolve("bin").resolve("java"),
                config.images().sharedClassPath(),
                config.mostGrace()),
            config.clock());
    Set<String> known =
        client.pods().inAnyNamespace().list().getItems().stream()
            .map(pod -> pod.getMetadata().getUid())
            .collect(Collectors.toSet());
    local.sweep(known);
    if (nodes.putIfAbsent(node.name(), local) != null) {
      local.close();
      throw new IllegalArgumentException("there is a node " + node.name() + " already");
    }
    local.register();
    seen.values().stream()
        .filter(pod -> node.name().equals(pod.getSpec().getNodeName()))
        .forEach(pod -> pods.add(ObjectKey.of(pod)));
    return local;
  }

  /**
   * Writes the output of a container, both streams of all its starts. Nothing when the pod is not
   * here or has not begun.
   *
   * @param container empty for the pod's first
   * @param follow whether to go on until the pod is gone
   * @throws IOException when the reader went away
   */
  public void copyLog(
      String namespace, String pod, String container, boolean follow, OutputStream out)
      throws IOException {
    LogCopy.copy(() -> log(new ObjectKey(namespace, pod), container), follow, out);
  }

  private Optional<Path> log(ObjectKey key, String container) {
    Pod pod = seen.get(key);
    if (pod == null) {
      return Optional.empty();
    }
    String name =
        container.isEmpty() ? pod.getSpec().getContainers().getFirst().getName() : container;
    return localNode(pod).flatMap(node -> node.log(pod.getMetadata().getUid(), name));
  }

  /** Stops the controllers, then ends all processes. */
  @Override
  public void close() {
    watches.forEach(SharedIndexInformer::close);
    List.of(deployments, replicaSets, scheduler, pods).forEach(ControlLoop::close);
    nodes.values().parallelStream().forEach(LocalNode::close);
  }
}
