package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of this machine: a Node object, and the pods bound to it as processes.
 *
 * <p>{@link #reconcile} is called on one thread by the cluster; stopping a pod happens on a thread
 * of its own, as it waits. {@code runs} is guarded by {@code this}.
 */
public final class LocalNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);

  private record Run(PodRun pod, String address, Path folder) {}

  private final KubernetesClient client;
  private final LocalNodeConfig config;
  private final Path folder;
  private final LaunchSettings launch;
  private final InstantSource clock;
  private final NodeImages images;
  private final PodAddresses addresses;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final Map<String, Run> runs = new HashMap<>();
  private boolean closed;

  LocalNode(
      KubernetesClient client,
      LocalNodeConfig config,
      Path folder,
      LocalImages images,
      LaunchSettings launch,
      InstantSource clock) {
    this.client = client;
    this.config = config;
    this.folder = folder;
    this.launch = launch;
    this.clock = clock;
    this.addresses = new PodAddresses(config.address());
    Optional<URI> daemon =
        config.proxyPort().isPresent()
            ? Optional.of(
                URI.create("http://" + config.address() + ":" + config.proxyPort().getAsInt()))
            : Optional.empty();
    this.images =
        new NodeImages(folder.resolve("images"), images, new RegistryMirror(http, daemon));
  }

  /** What it was added with. */
  public LocalNodeConfig config() {
    return config;
  }

  /** Makes or renews the Node object, ready. */
  void register() {
    Map<String, String> labels = new HashMap<>(config.labels());
    labels.put("kubernetes.io/hostname", config.name());
    labels.put("kubernetes.io/os", "linux");
    labels.put("llmaz.io/local-node", "true");
    Node node =
        new NodeBuilder()
            .withNewMetadata()
            .withName(config.name())
            .withLabels(labels)
            .endMetadata()
            .build();
    if (client.nodes().withName(config.name()).get() == null) {
      client.nodes().resource(node).create();
    }
    Merge.status(client.nodes().withName(config.name()), status());
  }

  private NodeStatus status() {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    Map<String, Quantity> capacity =
        Map.of(
            "cpu", new Quantity(String.valueOf(Runtime.getRuntime().availableProcessors())),
            "memory", new Quantity((Runtime.getRuntime().maxMemory() >> 10) + "Ki"),
            "pods", new Quantity("110"));
    return new NodeStatusBuilder()
        .addNewAddress(config.address(), "InternalIP")
        .addNewAddress(config.name(), "Hostname")
        .withCapacity(capacity)
        .withAllocatable(capacity)
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withReason("LocalNodeReady")
        .withMessage("pods run as processes of this machine")
        .withLastHeartbeatTime(now)
        .withLastTransitionTime(now)
        .endCondition()
        .withNewNodeInfo()
        .withArchitecture(System.getProperty("os.arch"))
        .withOperatingSystem("linux")
        .withContainerRuntimeVersion("process://" + Runtime.version())
        .withKubeletVersion("v1.34.0-llmaz-local")
        .endNodeInfo()
        .build();
  }

  /** Starts a pod that is bound here, or ends one that should go. */
  void reconcile(Pod pod) {
    String uid = pod.getMetadata().getUid();
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      stop(uid, Optional.of(ObjectKey.of(pod)));
    } else if (!Pods.isEnded(pod)) {
      start(pod);
    }
  }

  /** Ends a pod that the API server does not have any more. */
  void forget(String uid) {
    stop(uid, Optional.empty());
  }

  private synchronized void start(Pod pod) {
    String uid = pod.getMetadata().getUid();
    if (closed || runs.containsKey(uid)) {
      return;
    }
    String address = addresses.take();
    Path place = folder.resolve("pods").resolve(uid);
    ObjectKey key = ObjectKey.of(pod);
    PodReport report =
        new PodReport(pod, config.address(), address, clock, status -> write(key, uid, status));
    PodFields fields = new PodFields(pod, config.address(), address);
    PodObjects objects = new ServerPodObjects(client, key.namespace());
    PodRun run =
        new PodRun(
            pod,
            address,
            place,
            new PodRun.Surroundings(
                images,
                new ContainerEnvironment(objects, fields),
                new PodVolumes(place.resolve("volumes"), objects, fields),
                launch,
                http,
                report,
                new PodEvents(new EventSink(client), pod, config.name(), clock)));
    runs.put(uid, new Run(run, address, place));
    run.start();
  }

  private void write(ObjectKey pod, String uid, PodStatus status) {
    try {
      Merge.status(client.pods().inNamespace(pod.namespace()).withName(pod.name()), status);
    } catch (KubernetesClientException e) {
      if (e.getCode() != 404) {
        LOG.warn("pod {} ({}): its status is not written: {}", pod, uid, e.getMessage());
      }
    }
  }

  private synchronized void stop(String uid, Optional<ObjectKey> deletedOnServer) {
    Run run = runs.get(uid);
    if (run == null) {
      // Not ours any more, or of a life before this process: nothing runs, so it may go.
      deletedOnServer.ifPresent(this::confirmDeletion);
      return;
    }
    Thread.ofVirtual()
        .name("stop-" + uid)
        .start(() -> {
          end(uid, run);
          deletedOnServer.ifPresent(this::confirmDeletion);
        });
  }

  private void end(String uid, Run run) {
    run.pod().stop();
    try {
      Folders.delete(run.folder());
    } catch (IOException e) {
      LOG.warn("pod {}: its folder stays: {}", uid, e.toString());
    }
    synchronized (this) {
      if (runs.remove(uid, run)) {
        addresses.free(run.address());
      }
    }
  }

  private void confirmDeletion(ObjectKey pod) {
    try {
      client.pods().inNamespace(pod.namespace()).withName(pod.name()).withGracePeriod(0).delete();
    } catch (KubernetesClientException e) {
      LOG.warn("pod {}: its deletion is not confirmed: {}", pod, e.getMessage());
    }
  }

  /** The log file of a container of a pod that runs here. */
  synchronized Optional<Path> log(String uid, String container) {
    return Optional.ofNullable(runs.get(uid))
        .map(run -> PodLogs.file(run.folder(), container))
        .filter(Files::isRegularFile);
  }

  /** Deletes what pods of an earlier life left that the API server does not know any more. */
  void sweep(Set<String> knownUids) throws IOException {
    Path pods = folder.resolve("pods");
    if (Files.isDirectory(pods)) {
      try (var folders = Files.list(pods)) {
        for (Path left : folders.toList()) {
          if (!knownUids.contains(String.valueOf(left.getFileName()))) {
            Folders.delete(left);
          }
        }
      }
    }
  }

  /** Ends all its processes; pods and Node stay as objects. */
  @Override
  public void close() {
    List<Run> left;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(runs.values());
      runs.clear();
    }
    List<Thread> stops =
        left.stream().map(run -> Thread.ofVirtual().start(run.pod()::stop)).toList();
    for (Thread stop : stops) {
      try {
        stop.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    http.shutdownNow();
  }
}
