package io.llmaz.loader;

import io.llmaz.source.ManifestFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Files a few at a time, bounded by their number and by their bytes. */
record FileLoads(FileLoad load) {
  private static final int FILES_AT_ONCE = 8;
  private static final long BYTES_AT_ONCE = 1L << 30;

  /**
   * Loads files in their order. The first failure ends it: what is there stays for the next run.
   *
   * @throws LoaderException as {@link FileLoad} does
   */
  void run(List<ManifestFile> files) throws InterruptedException {
    WorkSlots slots = new WorkSlots(FILES_AT_ONCE, BYTES_AT_ONCE);
    // Platform threads: a virtual one parks at each read of a socket, which costs half as much wall
    // time again (bench/run loader).
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
