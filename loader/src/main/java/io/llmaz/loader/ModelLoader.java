package io.llmaz.loader;

import io.llmaz.dragonfly.TaskKeys;
import io.llmaz.source.HttpFile;
import io.llmaz.source.HuggingFaceSource;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.ModelScopeSource;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.Source;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run.
 *
 * <ol>
 *   <li>The manifest: from the gateway, else from the hub itself.
 *   <li>The lock of the model's directory.
 *   <li>Nothing to do if the completion marker says so.
 *   <li>Enough space, or a message that says how much is missing.
 *   <li>Many small files at once, by the gateway's bundle.
 *   <li>Files, largest first, a few at a time, each by the first way that works.
 *   <li>The marker.
 * </ol>
 */
final class ModelLoader {
  private static final String GATEWAY = "gateway";
  private static final int FILES_AT_ONCE = 8;
  private static final long BYTES_AT_ONCE = 1L << 30;
  private static final Duration TICK = Duration.ofSeconds(1);

  private final LoaderSettings settings;
  private final LoadReport report;
  private final OriginHttp direct;
  private final Optional<Source> hub;

  ModelLoader(LoaderSettings settings, LoadReport report) {
    this(settings, report, OriginHttp.create("model-loader"));
  }

  /**
   * With a connection of a test's own patience.
   *
   * @param direct to gateway and hub
   */
  ModelLoader(LoaderSettings settings, LoadReport report, OriginHttp direct) {
    this.direct = direct;
    this.settings = settings;
    this.report = report;
    this.hub = hub(settings, direct);
  }

  private static Optional<Source> hub(LoaderSettings settings, OriginHttp http) {
    URI endpoint = settings.hubEndpoint();
    return settings
        .hub()
        .map(reference ->
            settings.modelScope()
                ? new ModelScopeSource(
                    http, endpoint, reference, settings::hubToken, OriginHttp.Meter.NONE)
                : new HuggingFaceSource(
                    http, endpoint, reference, settings::hubToken, OriginHttp.Meter.NONE));
  }

  /**
   * Loads the model.
   *
   * @throws LoaderException when it cannot be done
   */
  void run() throws InterruptedException {
    Optional<GatewayClient.Links> links = settings.p2p().flatMap(this::askGateway);
    try {
      load(links);
    } catch (LoaderException e) {
      if (links.isPresent()) {
        tell(true, "ModelLoadFailed", String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private void load(Optional<GatewayClient.Links> links) throws InterruptedException {
    Manifest manifest = links.map(GatewayClient.Links::manifest).orElseGet(this::askHub);
    ModelDirectory directory = directory();
    ModelDirectory.refuseOwnNames(manifest);
    if (alreadyThere(directory, manifest)) {
      return; // Without the lock, so that a read-only volume does.
    }
    try (DirectoryLock lock =
            directory.lock(() -> report.note("another loader works on this model, waiting"));
        Ticker ticker = new Ticker(TICK, report::tick)) {
      if (alreadyThere(directory, manifest)) {
        return; // The loader that we waited for did it.
      }
      Optional<ModelDirectory.Marker> before = directory.beginChange();
      List<ManifestFile> files =
          manifest.files().stream()
              .sorted((one, other) -> Long.compare(other.size(), one.size()))
              .toList();
      checkSpace(files, directory);
      List<Way> ways = ways(links, manifest.revision());
      try (LinkedFiles.@Nullable Daemon daemon = linkingDaemon(links).orElse(null)) {
        Optional<LinkedFiles> linked =
            Optional.ofNullable(daemon)
                .map(there -> new LinkedFiles(directory, there, removal(), report));
        report.begin(
            files.stream().mapToLong(ManifestFile::size).sum(),
            Stream.concat(linked.stream().map(LinkedFiles::way), ways.stream()).toList());
        List<ManifestFile> rest = files;
        if (links.isPresent()) {
          Set<String> done = smallFiles(directory, ways).load(files);
          rest = files.stream().filter(file -> !done.contains(file.path())).toList();
        }
        loadAll(rest, new FileLoad(directory, manifest.source(), linked, ways, report));
      }
      directory.complete(manifest, before);
      String summary = report.summary();
      if (links.isPresent()) {
        tell(report.mismatches() > 0, "ModelLoaded", summary);
      }
    } catch (IOException e) {
      throw DiskTrouble.of("the model directory cannot be used", e);
    }
  }

  /** An event of the task, tried once: what was loaded is loaded without it too. */
  private void tell(boolean warning, String reason, String message) {
    LoaderSettings.P2p p2p = settings.p2p().orElseThrow();
    try {
      gateway(p2p).report(p2p.task(), warning, reason, message, p2p.pod());
    } catch (IOException | SourceException e) {
      report.note("the gateway did not take the report: " + e.getMessage());
    }
  }

  private boolean alreadyThere(ModelDirectory directory, Manifest manifest) {
    try {
      boolean complete = directory.isComplete(manifest);
      if (complete) {
        report.note("complete already: " + manifest.source() + " at " + manifest.revision());
      }
      return complete;
    } catch (IOException e) {
      throw DiskTrouble.of("the model directory cannot be read", e);
    }
  }

  private GatewayClient gateway(LoaderSettings.P2p p2p) {
    return new GatewayClient(direct, p2p.gateway(), p2p.tokenFile());
  }

  private Optional<GatewayClient.Links> askGateway(LoaderSettings.P2p p2p) {
    try {
      return Optional.of(gateway(p2p).manifest(p2p.task()));
    } catch (SourceException e) {
      if (hub.isEmpty()) {
        throw new LoaderException(
            e.kind() == SourceException.Kind.USER
                ? LoaderException.Exit.REFUSED
                : LoaderException.Exit.UNAVAILABLE,
            "no manifest from the gateway, which alone reads the object store: " + e.getMessage(),
            e);
      }
      report.note("no manifest from the gateway, asking the hub: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Manifest askHub() {
    try {
      return hub.orElseThrow().resolve();
    } catch (SourceException e) {
      throw new LoaderException(
          e.kind() == SourceException.Kind.USER
              ? LoaderException.Exit.REFUSED
              : LoaderException.Exit.UNAVAILABLE,
          String.valueOf(e.getMessage()),
          e);
    }
  }

  /** llmaz's layout: a single file at the root, all else in a folder {@code models--<name>}. */
  private ModelDirectory directory() {
    Path root = settings.folder().map(settings.root()::resolve).orElse(settings.root());
    return new ModelDirectory(root, settings.model());
  }

  /** What is there already, whole or in part, needs no space any more. */
  static void checkSpace(List<ManifestFile> files, ModelDirectory directory) throws IOException {
    long usable = directory.usableSpace();
    long needed = 0;
    for (ManifestFile file : files) {
      if (!directory.holds(file)) {
        needed += file.size() - PartialFile.left(directory.partialFiles(), file);
      }
    }
    if (needed > usable) {
      throw new LoaderException(
          LoaderException.Exit.DISK,
          "the disk is too small: %d bytes are needed, %d are free, %d are missing"
              .formatted(needed, usable, needed - usable));
    }
  }

  private Optional<LinkedFiles.Daemon> linkingDaemon(Optional<GatewayClient.Links> links) {
    return settings
        .p2p()
        .flatMap(LoaderSettings.P2p::socket)
        .flatMap(socket ->
            links.map(
                known -> new LinkingDaemon(socket, settings.root(), known.addresses(), keys())));
  }

  private List<Way> ways(Optional<GatewayClient.Links> links, String revision) {
    List<Way> ways = new ArrayList<>();
    if (links.isPresent()) {
      Map<String, URI> addresses = links.get().addresses();
      settings
          .p2p()
          .flatMap(LoaderSettings.P2p::daemon)
          .ifPresent(daemon -> ways.add(dfdaemon(daemon, addresses)));
      ways.add(new Way(GATEWAY, new LinkOpener(direct, addresses, Optional.empty())));
    }
    if (hub.orElse(null) instanceof HuggingFaceSource huggingFace && mayHandHubToDaemon()) {
      settings
          .p2p()
          .flatMap(LoaderSettings.P2p::daemon)
          .ifPresent(daemon -> ways.add(dfdaemonFromHub(daemon, huggingFace, revision)));
    }
    hub.ifPresent(
        source -> ways.add(new Way("hub", (file, range) -> source.open(revision, file, range))));
    return ways;
  }

  /**
   * Without the gateway the daemon may read the hub itself, under the same content key, so that the
   * bytes still leave it once. Not with a token, which the daemon would see, and not by https,
   * which a proxy only tunnels.
   */
  private boolean mayHandHubToDaemon() {
    return settings.hubToken().isEmpty() && "http".equals(settings.hubEndpoint().getScheme());
  }

  private Way dfdaemonFromHub(
      InetSocketAddress daemon, HuggingFaceSource huggingFace, String revision) {
    OriginHttp http = OriginHttp.throughDfdaemon(daemon, "model-loader");
    return new Way(
        "dfdaemon-hub",
        (file, range) ->
            new LinkOpener(
                    http,
                    Map.of(file.path(), huggingFace.address(revision, file.path())),
                    Optional.of(keys()))
                .open(file, range),
        removal());
  }

  private Way dfdaemon(InetSocketAddress daemon, Map<String, URI> addresses) {
    OriginHttp http = OriginHttp.throughDfdaemon(daemon, "model-loader");
    return new Way("dfdaemon", new LinkOpener(http, addresses, Optional.of(keys())), removal());
  }

  private SmallFiles smallFiles(ModelDirectory directory, List<Way> ways) {
    LoaderSettings.P2p p2p = settings.p2p().orElseThrow();
    Way gateway = ways.stream().filter(way -> way.name().equals(GATEWAY)).findFirst().orElseThrow();
    return new SmallFiles(
        directory, largest -> gateway(p2p).bundle(p2p.task(), largest), gateway, report);
  }

  private Way.Forgetter removal() {
    return new TaskRemoval(
        keys(), settings.p2p().map(LoaderSettings.P2p::holders).orElse(List.of()));
  }

  private TaskKeys keys() {
    return settings.p2p().map(LoaderSettings.P2p::keys).orElse(TaskKeys.CONTENT);
  }

  /** Opens the gateway's links, directly or through the daemon, which wants its headers. */
  private record LinkOpener(
      OriginHttp http,
      Map<String, URI> addresses,
      Optional<TaskKeys> p2p,
      Map<String, HttpFile> files)
      implements Way.Opener {
    LinkOpener(OriginHttp http, Map<String, URI> addresses, Optional<TaskKeys> p2p) {
      this(http, addresses, p2p, new ConcurrentHashMap<>());
    }

    @Override
    public java.io.InputStream open(ManifestFile file, io.llmaz.source.ByteRange range) {
      URI address = addresses.get(file.path());
      if (address == null) {
        throw new SourceException(
            SourceException.Kind.BUG, "the gateway gave no link for " + file.path());
      }
      Map<String, String> headers =
          p2p.map(keys ->
                  Map.of(
                      "X-Dragonfly-Use-P2P", "true",
                      "X-Dragonfly-Content-For-Calculating-Task-ID", keys.of(file),
                      "X-Dragonfly-Scheduling-Policy", "always"))
              .orElse(Map.of());
      return files
          .computeIfAbsent(
              file.path(), path -> new HttpFile(http, address, headers, path, file.size()))
          .open(range);
    }
  }

  private static void loadAll(List<ManifestFile> files, FileLoad load) throws InterruptedException {
    WorkSlots slots = new WorkSlots(FILES_AT_ONCE, BYTES_AT_ONCE);
    // Platform threads: a virtual one parks at each read of a socket, which costs half as much wall
    // time again (LoaderBench).
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("file-", 0).factory())) {
      List<Future<?>> loads = new ArrayList<>();
      for (ManifestFile file : files) {
        slots.acquire(file);
        loads.add(
            threads.submit(() -> {
              try {
                load.load(file);
              } finally {
                slots.release(file);
              }
            }));
        // The first failure ends the run: what is there stays for the next one.
        for (Future<?> done : loads) {
          if (done.isDone()) {
            join(done, threads);
          }
        }
      }
      for (Future<?> running : loads) {
        join(running, threads);
      }
    }
  }

  private static void join(Future<?> load, ExecutorService threads) throws InterruptedException {
    try {
      load.get();
    } catch (ExecutionException e) {
      threads.shutdownNow();
      if (e.getCause() instanceof LoaderException failure) {
        throw failure;
      }
      throw new LoaderException(LoaderException.Exit.INTERNAL, String.valueOf(e.getCause()), e);
    }
  }
}
