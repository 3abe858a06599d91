package io.llmaz.cli.dfget;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder, some at a time, each a task of its own at its path below the output. The
 * first that fails ends the others; what is whole by then stays.
 */
final class FolderDownload {
  private final DfgetOptions options;

  FolderDownload(DfgetOptions options) {
    this.options = options;
  }

  void run(ProgressLines lines) throws IOException, InterruptedException {
    FolderListing listing = FolderListing.of(options, lines);
    int count = listing.files().size();
    if (count > options.folder.maxFiles) {
      throw new IOException(
          "the folder has %d files, more than --max-files %d"
              .formatted(count, options.folder.maxFiles));
    }
    lines.listed(count);
    Map<FolderFile, Path> outputs = prepare(listing);
    if (count == 0) {
      return;
    }
    ExecutorService workers =
        Executors.newFixedThreadPool(
            Math.min(count, options.folder.maxConcurrentRequests),
            Thread.ofVirtual().name("file-", 0).factory());
    try {
      CompletionService<Progress> done = new ExecutorCompletionService<>(workers);
      outputs.forEach((file, output) -> {
        var _ = done.submit(one(file, output, lines.of(file.name())));
      });
      for (int left = count; left > 0; left--) {
        var _ = done.take().get();
      }
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      workers.shutdownNow();
      workers.close();
    }
  }

  /** Where the files go, with their folders made; nothing is downloaded when one is in the way. */
  private Map<FolderFile, Path> prepare(FolderListing listing) throws IOException {
    Path root = options.output.toAbsolutePath().normalize();
    Map<FolderFile, Path> outputs = new LinkedHashMap<>();
    for (FolderFile file : listing.files()) {
      Path output = below(root, file.name());
      if (Files.exists(output) && !options.overwrite) {
        throw new IOException("the output exists (see --overwrite): " + output);
      }
      outputs.put(file, output);
    }
    for (String folder : listing.folders()) {
      Files.createDirectories(below(root, folder));
    }
    for (Path output : outputs.values()) {
      Path parent = output.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
    }
    return outputs;
  }

  private static Path below(Path root, String name) throws IOException {
    Path output = root.resolve(name).normalize();
    if (!output.startsWith(root)) {
      throw new IOException("not below the output: " + name);
    }
    return output;
  }

  private Callable<Progress> one(FolderFile file, Path output, ProgressLines lines) {
    return () -> {
      try {
        Progress end =
            new Attempts(options.endpoint, options.attempts)
                .of(
                    daemon -> new DfgetDownload(options, daemon, file.url(), output).run(lines),
                    lines);
        lines.done(end);
        return end;
      } catch (EngineException | IOException e) {
        throw new IOException(file.name() + ": " + e.getMessage(), e);
      }
    };
  }

  /** What ended a worker, in a form that says it to the user. */
  private static IOException failure(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException ours) {
      throw ours;
    }
    return cause instanceof IOException failed ? failed : new IOException(cause);
  }
}
