package io.llmaz.operator.nodes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.llmaz.operator.store.SharingStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Node objects, watched from the first question on: who brings nothing to nodes asks nothing about
 * them, and needs no right to. An API server that refuses is asked again by the informer.
 */
final class WatchedNodes implements ClusterNodes, AutoCloseable {
  private final KubernetesClient client;
  private final AtomicLong version = new AtomicLong();
  private @Nullable SharedIndexInformer<Node> informer; // Guarded by this.

  WatchedNodes(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public long version() {
    return version.get();
  }

  @Override
  public Optional<List<NodeTarget>> chosen(Map<String, String> labels) {
    SharedIndexInformer<Node> nodes = informer();
    if (!nodes.hasSynced()) {
      return Optional.empty();
    }
    return Optional.of(
        nodes.getStore().list().stream()
            .filter(node -> labelled(node, labels))
            .map(NodeTarget::of)
            .toList());
  }

  private static boolean labelled(Node node, Map<String, String> labels) {
    Map<String, String> its = node.getMetadata().getLabels();
    return labels.isEmpty() || (its != null && its.entrySet().containsAll(labels.entrySet()));
  }

  private synchronized SharedIndexInformer<Node> informer() {
    if (informer == null) {
      informer =
          client
              .nodes()
              .runnableInformer(0)
              .itemStore(new SlimStore())
              .exceptionHandler((started, failure) -> true)
              .addEventHandler(new Counter());
      var _ = informer.start();
    }
    return informer;
  }

  @Override
  public synchronized void close() {
    if (informer != null) {
      informer.close();
    }
  }

  /** The list of its images is most of a Node, and nobody reads it here. */
  private static final class SlimStore extends BasicItemStore<Node> {
    SlimStore() {
      super(Cache::metaNamespaceKeyFunc);
    }

    @Override
    public @Nullable Node put(String key, Node node) {
      if (node.getStatus() != null) {
        node.getStatus().setImages(List.of());
      }
      return super.put(key, SharingStore.slim(node));
    }
  }

  private final class Counter implements ResourceEventHandler<Node> {
    @Override
    public void onAdd(Node node) {
      version.incrementAndGet();
    }

    @Override
    public void onUpdate(Node before, Node node) {
      // Most updates are a kubelet's heartbeat.
      if (!NodeTarget.of(before).equals(NodeTarget.of(node))
          || !before.getMetadata().getLabels().equals(node.getMetadata().getLabels())) {
        version.incrementAndGet();
      }
    }

    @Override
    public void onDelete(Node node, boolean unknown) {
      version.incrementAndGet();
    }

    @Override
    public void onNothing() {
      version.incrementAndGet();
    }
  }
}
