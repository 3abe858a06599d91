package io.llmaz.local.engine.store;

import io.llmaz.local.engine.traffic.TrafficCounters;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of one node on disk: {@code content/<id[0:3]>/<id>}, a file of the task's full length,
 * and {@code journal/<id[0:3]>/<id>}, which says which pieces of it are whole.
 *
 * <p>Crash safety: a piece is written before its record, and a record carries its own checksum, so
 * a kill at any moment leaves at worst a torn tail, which opening cuts off. What a power loss may
 * undo is noticed later: a piece is compared with its checksum each time before it is used, and
 * dropped when it differs.
 *
 * <p>Size: each task counts with its full length from its creation. When there is no room the tasks
 * that were not used for the longest time go, but never one that is open.
 */
public final class TaskStore {
  private static final Logger log = LoggerFactory.getLogger(TaskStore.class);
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8,128}");

  private final Path directory;
  private final long limit;
  private final InstantSource clock;
  private final TrafficCounters counters;
  private final Map<String, StoredTask> tasks = new HashMap<>();
  private Consumer<String> evictionListener = id -> {};

  private TaskStore(Path directory, long limit, InstantSource clock, TrafficCounters counters) {
    this.directory = directory;
    this.limit = limit;
    this.clock = clock;
    this.counters = counters;
  }

  /**
   * Opens a store, making its folder when there is none, and recovers what is whole in it.
   *
   * @param limit bytes that all tasks together may have
   */
  public static TaskStore open(
      Path directory, long limit, InstantSource clock, TrafficCounters counters)
      throws IOException {
    if (limit <= 0) {
      throw new IllegalArgumentException("store limit must be positive: " + limit);
    }
    TaskStore store = new TaskStore(directory.toAbsolutePath(), limit, clock, counters);
    Files.createDirectories(store.directory.resolve("content"));
    Files.createDirectories(store.directory.resolve("journal"));
    store.recover();
    return store;
  }

  /** Called with the id of each task that is evicted for room, while the store is locked. */
  public synchronized void onEviction(Consumer<String> listener) {
    evictionListener = listener;
  }

  /** The store's folder. */
  public Path directory() {
    return directory;
  }

  /** A task, whole or not. */
  public synchronized Optional<StoredTask> find(String taskId) {
    return Optional.ofNullable(tasks.get(taskId));
  }

  /** All tasks. */
  public synchronized List<StoredTask> list() {
    return List.copyOf(tasks.values());
  }

  /** Opens a task's content, when the store has the task. */
  public synchronized Optional<TaskContent> open(String taskId) throws IOException {
    StoredTask task = tasks.get(taskId);
    return task == null ? Optional.empty() : Optional.of(task.open());
  }

  /**
   * Opens a task, creating it when there is none. A task that exists keeps its description.
   *
   * @throws StoreFullException when there is no room and nothing to evict; nothing is left behind
   */
  public synchronized TaskContent create(
      String taskId, PieceLayout layout, Map<String, String> headers) throws IOException {
    StoredTask known = tasks.get(taskId);
    if (known != null) {
      return known.open();
    }
    if (!ID.matcher(taskId).matches()) {
      throw new IllegalArgumentException("not a task id: " + taskId);
    }
    makeRoom(layout.contentLength());
    Path content = file("content", taskId);
    Path journal = file("journal", taskId);
    var description = new PieceJournal.Description(layout, Map.copyOf(headers), clock.instant());
    try {
      Files.createDirectories(content.getParent());
      Files.createDirectories(journal.getParent());
      try (RandomAccessFile file = new RandomAccessFile(content.toFile(), "rw")) {
        file.setLength(layout.contentLength());
      }
      try (FileChannel channel =
          FileChannel.open(journal, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer record = PieceJournal.describe(description);
        while (record.hasRemaining()) {
          channel.write(record);
        }
      }
    } catch (IOException e) {
      remove(taskId);
      throw e;
    }
    StoredTask task =
        new StoredTask(
            taskId, content, journal, description, Map.of(), clock.instant(), clock, counters);
    tasks.put(taskId, task);
    return task.open();
  }

  /** Removes a task and its files; unknown ids are no error. */
  public synchronized void delete(String taskId) throws IOException {
    StoredTask task = tasks.remove(taskId);
    if (task != null) {
      task.markDeleted();
      remove(taskId);
    }
  }

  private void makeRoom(long needed) throws IOException {
    long used = tasks.values().stream().mapToLong(t -> t.layout().contentLength()).sum();
    List<StoredTask> idle =
        tasks.values().stream()
            .filter(StoredTask::idle)
            .sorted(Comparator.comparing(StoredTask::usedAt))
            .toList();
    long evictable = idle.stream().mapToLong(t -> t.layout().contentLength()).sum();
    long onDisk = Files.getFileStore(directory).getUsableSpace();
    // Known before anything goes, so that nothing goes in vain.
    if (needed - evictable > Math.min(limit - used, onDisk)) {
      throw new StoreFullException(
          "no room for %d bytes in %s: %d of %d bytes are in use, the disk has %d left"
              .formatted(needed, directory, used, limit, onDisk));
    }
    for (StoredTask oldest : idle) {
      if (needed <= Math.min(limit - used, onDisk)) {
        return;
      }
      used -= oldest.layout().contentLength();
      onDisk += oldest.layout().contentLength();
      delete(oldest.id());
      log.info("Evicted task {} of {} bytes", oldest.id(), oldest.layout().contentLength());
      evictionListener.accept(oldest.id());
    }
  }

  private void recover() throws IOException {
    for (Path journal : files("journal")) {
      String id = journal.getFileName().toString();
      Path content = file("content", id);
      PieceJournal.Replay replay = PieceJournal.replay(Files.readAllBytes(journal));
      PieceJournal.Description description = replay.description();
      if (description == null
          || !Files.isRegularFile(content)
          || Files.size(content) != description.layout().contentLength()) {
        log.warn("Task {} was not whole enough to recover; removed", id);
        remove(id);
        continue;
      }
      if (replay.length() < Files.size(journal)) {
        try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
          channel.truncate(replay.length());
        }
      }
      tasks.put(
          id,
          new StoredTask(
              id,
              content,
              journal,
              description,
              replay.pieces(),
              Files.getLastModifiedTime(journal).toInstant(),
              clock,
              counters));
    }
    for (Path content : files("content")) {
      String id = content.getFileName().toString();
      if (!tasks.containsKey(id)) {
        Files.deleteIfExists(content);
      }
    }
  }

  private List<Path> files(String kind) throws IOException {
    try (Stream<Path> walk = Files.walk(directory.resolve(kind), 2)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  private void remove(String taskId) throws IOException {
    // The journal first: a crash between the two leaves content without a journal, which goes next.
    Files.deleteIfExists(file("journal", taskId));
    Files.deleteIfExists(file("content", taskId));
  }

  private Path file(String kind, String taskId) {
    return directory.resolve(kind).resolve(taskId.substring(0, 3)).resolve(taskId);
  }
}
