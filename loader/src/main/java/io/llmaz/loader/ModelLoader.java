package io.llmaz.loader;

import io.llmaz.source.HuggingFaceSource;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.ModelScopeSource;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.Source;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
      Ways ways = new Ways(settings, direct, hub, links, manifest.revision());
      try (LinkedFiles.@Nullable Daemon daemon = ways.linking().orElse(null)) {
        Optional<LinkedFiles> linked =
            Optional.ofNullable(daemon)
                .map(there -> new LinkedFiles(directory, there, ways.removal(), report));
        report.begin(
            files.stream().mapToLong(ManifestFile::size).sum(),
            Stream.concat(linked.stream().map(LinkedFiles::way), ways.all().stream()).toList());
        new FileLoads(new FileLoad(directory, manifest.source(), linked, ways.all(), report))
            .run(withoutSmallFiles(files, directory, ways));
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

  /** Brings many small files at once where the gateway is there, and says what is left. */
  private List<ManifestFile> withoutSmallFiles(
      List<ManifestFile> files, ModelDirectory directory, Ways ways) throws IOException {
    if (ways.gateway().isEmpty()) {
      return files;
    }
    LoaderSettings.P2p p2p = settings.p2p().orElseThrow();
    Set<String> done =
        new SmallFiles(
                directory,
                largest -> gateway(p2p).bundle(p2p.task(), largest),
                ways.gateway().get(),
                report)
            .load(files);
    return files.stream().filter(file -> !done.contains(file.path())).toList();
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
}
