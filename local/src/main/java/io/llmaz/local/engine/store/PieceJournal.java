package io.llmaz.local.engine.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The records of a task's journal, a file that only grows. Each record is {@code length u32, crc32
 * u32, payload}; the payload begins with its kind. The first record describes the task, each later
 * one stores or drops a piece. Replay stops at the first record that is cut or does not match its
 * checksum: a crash can only have torn the tail.
 */
final class PieceJournal {
  private static final int DESCRIBE = 1;
  private static final int STORE = 2;
  private static final int DROP = 3;
  private static final int HEADER_BYTES = 8;
  private static final int MAX_RECORD = 1 << 20;

  private PieceJournal() {}

  /**
   * What a journal says: null without a whole first record; bytes after {@code length} are torn.
   */
  record Replay(@Nullable Description description, Map<Integer, StoredPiece> pieces, int length) {}

  /** The first record. */
  record Description(PieceLayout layout, Map<String, String> headers, Instant createdAt) {}

  static ByteBuffer describe(Description description) {
    return record(out -> {
      out.writeByte(DESCRIBE);
      out.writeLong(description.layout().contentLength());
      out.writeLong(description.layout().pieceLength());
      out.writeLong(description.createdAt().toEpochMilli());
      out.writeInt(description.headers().size());
      for (Map.Entry<String, String> header : description.headers().entrySet()) {
        out.writeUTF(header.getKey());
        out.writeUTF(header.getValue());
      }
    });
  }

  static ByteBuffer store(StoredPiece piece) {
    return record(out -> {
      out.writeByte(STORE);
      out.writeInt(piece.number());
      out.writeInt((int) piece.crc32());
      out.writeBoolean(piece.fromSource());
      out.writeLong(piece.storedAt().toEpochMilli());
    });
  }

  static ByteBuffer drop(int number) {
    return record(out -> {
      out.writeByte(DROP);
      out.writeInt(number);
    });
  }

  static Replay replay(byte[] journal) {
    Description description = null;
    Map<Integer, StoredPiece> pieces = new TreeMap<>();
    ByteBuffer in = ByteBuffer.wrap(journal);
    int whole = 0;
    while (in.remaining() >= HEADER_BYTES) {
      int length = in.getInt();
      int checksum = in.getInt();
      if (length <= 0 || length > MAX_RECORD || length > in.remaining()) {
        break;
      }
      byte[] payload = new byte[length];
      in.get(payload);
      if (checksum != crc(payload)) {
        break;
      }
      try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(payload))) {
        int kind = data.readByte();
        if (description == null) {
          if (kind != DESCRIBE) {
            break;
          }
          description = readDescription(data);
        } else if (kind == STORE) {
          StoredPiece piece = readPiece(data);
          if (piece.number() >= description.layout().count()) {
            break;
          }
          pieces.put(piece.number(), piece);
        } else if (kind == DROP) {
          pieces.remove(data.readInt());
        } else {
          break;
        }
      } catch (IOException | IllegalArgumentException malformed) {
        break;
      }
      whole = in.position();
    }
    return new Replay(description, pieces, whole);
  }

  private static Description readDescription(DataInputStream data) throws IOException {
    PieceLayout layout = new PieceLayout(data.readLong(), data.readLong());
    Instant createdAt = Instant.ofEpochMilli(data.readLong());
    Map<String, String> headers = new LinkedHashMap<>();
    for (int left = data.readInt(); left > 0; left--) {
      headers.put(data.readUTF(), data.readUTF());
    }
    return new Description(layout, headers, createdAt);
  }

  private static StoredPiece readPiece(DataInputStream data) throws IOException {
    return new StoredPiece(
        data.readInt(),
        Integer.toUnsignedLong(data.readInt()),
        data.readBoolean(),
        Instant.ofEpochMilli(data.readLong()));
  }

  private static ByteBuffer record(Payload payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      payload.writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] content = bytes.toByteArray();
    return ByteBuffer.allocate(HEADER_BYTES + content.length)
        .putInt(content.length)
        .putInt(crc(content))
        .put(content)
        .flip();
  }

  private static int crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private interface Payload {
    void writeTo(DataOutputStream out) throws IOException;
  }
}
