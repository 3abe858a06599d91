package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Changes on disk, so that a control plane that was killed goes on where it was.
 *
 * <p>A record is its length, the CRC-32C of its bytes, and the bytes: {@code {version, key,
 * object}} as JSON, without object for a removal. A tail that was torn by a crash ends the reading
 * and is cut off. At each start the living objects are written into a new file, which then takes
 * the old one's place. Called with the store's lock held, so by one thread at a time.
 */
final class Journal implements Consumer<ResourceStore.Change>, AutoCloseable {
  private static final int LARGEST_RECORD = 64 << 20;

  private final FileChannel channel;
  private final Map<ResourceStore.Key, ObjectNode> kept;
  private final long version;

  private Journal(FileChannel channel, Map<ResourceStore.Key, ObjectNode> kept, long version) {
    this.channel = channel;
    this.kept = kept;
    this.version = version;
  }

  static Journal open(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve("objects.journal");
    Map<ResourceStore.Key, ObjectNode> kept = new TreeMap<>();
    long version = Files.exists(file) ? read(file, kept) : 0;
    Path compacted = directory.resolve("objects.journal.new");
    try (FileChannel out =
        FileChannel.open(
            compacted,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      append(out, record(version, null, null));
      for (Map.Entry<ResourceStore.Key, ObjectNode> entry : kept.entrySet()) {
        append(out, record(version, entry.getKey(), entry.getValue()));
      }
      out.force(true);
    }
    Files.move(
        compacted, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new Journal(
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND), kept, version);
  }

  Map<ResourceStore.Key, ObjectNode> kept() {
    return kept;
  }

  long version() {
    return version;
  }

  @Override
  public void accept(ResourceStore.Change change) {
    try {
      append(channel, record(change.version(), change.key(), change.after()));
    } catch (IOException e) {
      throw new UncheckedIOException("the change cannot be kept", e);
    }
  }

  private static ObjectNode record(
      long version,
      ResourceStore.@org.jspecify.annotations.Nullable Key key,
      @org.jspecify.annotations.Nullable ObjectNode object) {
    ObjectNode record = Json.object().put("version", version);
    if (key != null) {
      record
          .putObject("key")
          .put("group", key.group())
          .put("plural", key.plural())
          .put("namespace", key.namespace())
          .put("name", key.name());
    }
    if (object != null) {
      record.set("object", object);
    }
    return record;
  }

  private static void append(FileChannel channel, ObjectNode record) throws IOException {
    byte[] bytes = Json.bytes(record);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    ByteBuffer buffer =
        ByteBuffer.allocate(8 + bytes.length)
            .putInt(bytes.length)
            .putInt((int) crc.getValue())
            .put(bytes)
            .flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static long read(Path file, Map<ResourceStore.Key, ObjectNode> into) throws IOException {
    long version = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (true) {
        int length = in.readInt();
        int expected = in.readInt();
        if (length < 0 || length > LARGEST_RECORD) {
          return version;
        }
        byte[] bytes = in.readNBytes(length);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        if (bytes.length < length || (int) crc.getValue() != expected) {
          return version;
        }
        JsonNode record = Json.read(bytes);
        version = record.path("version").asLong();
        replay(record, into);
      }
    } catch (EOFException torn) {
      return version;
    }
  }

  private static void replay(JsonNode record, Map<ResourceStore.Key, ObjectNode> into) {
    JsonNode key = record.path("key");
    if (key.isMissingNode()) {
      return;
    }
    ResourceStore.Key read =
        new ResourceStore.Key(
            key.path("group").asText(),
            key.path("plural").asText(),
            key.path("namespace").asText(),
            key.path("name").asText());
    if (record.get("object") instanceof ObjectNode object) {
      into.put(read, object);
    } else {
      into.remove(read);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
