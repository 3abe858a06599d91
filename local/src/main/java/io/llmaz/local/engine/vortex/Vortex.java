package io.llmaz.local.engine.vortex;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Dragonfly's vortex framing, as vortex-protocol 0.1.5 writes it. Big endian; a header of six
 * bytes: packet id u8, tag u8, length of the value u32. The content of a piece follows its value
 * and is not counted in that length.
 */
final class Vortex {
  static final int HEADER_BYTES = 6;
  static final int TASK_ID_BYTES = 64;
  private static final int REQUEST_VALUE_BYTES = TASK_ID_BYTES + 4;
  private static final int MAX_METADATA = 64 << 10;

  private static final int DOWNLOAD_PIECE = 0;
  private static final int PIECE_CONTENT = 1;
  private static final int CLOSE = 254;
  private static final int ERROR = 255;

  private Vortex() {}

  /** Which piece a peer asks for. */
  record Request(int packetId, String taskId, int number) {}

  /** What an answer says of the bytes that follow it. */
  record Metadata(
      int number,
      long offset,
      long length,
      String digest,
      String parentId,
      int trafficType,
      Duration cost,
      Instant createdAt) {}

  /** Why there are no bytes; the codes are vortex's. */
  enum ErrorCode {
    UNKNOWN,
    INVALID_ARGUMENT,
    NOT_FOUND,
    INTERNAL;

    static ErrorCode of(int code) {
      return code >= 0 && code < values().length ? values()[code] : UNKNOWN;
    }
  }

  static ByteBuffer request(Request request) {
    byte[] id = request.taskId().getBytes(StandardCharsets.US_ASCII);
    if (id.length != TASK_ID_BYTES) {
      throw new IllegalArgumentException("vortex carries ids of 64 digits: " + request.taskId());
    }
    return header(request.packetId(), DOWNLOAD_PIECE, REQUEST_VALUE_BYTES, REQUEST_VALUE_BYTES)
        .put(id)
        .putInt(request.number())
        .flip();
  }

  static ByteBuffer answer(int packetId, Metadata metadata) {
    byte[] digest = metadata.digest().getBytes(StandardCharsets.UTF_8);
    byte[] parent = metadata.parentId().getBytes(StandardCharsets.UTF_8);
    int size = 4 + 8 + 8 + 4 + digest.length + 4 + parent.length + 1 + 8 + 8;
    return header(packetId, PIECE_CONTENT, 4 + size, 4 + size)
        .putInt(size)
        .putInt(metadata.number())
        .putLong(metadata.offset())
        .putLong(metadata.length())
        .putInt(digest.length)
        .put(digest)
        .putInt(parent.length)
        .put(parent)
        .put((byte) metadata.trafficType())
        .putLong(metadata.cost().toSeconds())
        .putLong(metadata.createdAt().getEpochSecond())
        .flip();
  }

  @SuppressWarnings("EnumOrdinal") // The protocol's numbers are the order of its codes.
  static ByteBuffer error(int packetId, ErrorCode code, String message) {
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    return header(packetId, ERROR, 1 + text.length, 1 + text.length)
        .put((byte) code.ordinal())
        .put(text)
        .flip();
  }

  /** Reads a request; empty when the peer closed or said so. */
  static Optional<Request> readRequest(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int packetId = data.read();
    if (packetId < 0) {
      return Optional.empty();
    }
    int tag = data.readUnsignedByte();
    int length = data.readInt();
    if (tag == CLOSE) {
      return Optional.empty();
    }
    if (tag != DOWNLOAD_PIECE || length != REQUEST_VALUE_BYTES) {
      throw new MalformedFrameException(
          packetId, "not a request for a piece: tag " + tag + ", length " + length);
    }
    byte[] id = data.readNBytes(TASK_ID_BYTES);
    if (id.length < TASK_ID_BYTES) {
      throw new EOFException("request cut off");
    }
    return Optional.of(
        new Request(packetId, new String(id, StandardCharsets.US_ASCII), data.readInt()));
  }

  /**
   * Reads an answer up to the content.
   *
   * @throws PeerException when the parent answered with an error
   */
  static Metadata readAnswer(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int packetId = data.readUnsignedByte();
    int tag = data.readUnsignedByte();
    int length = data.readInt();
    if (length < 0 || length > MAX_METADATA) {
      throw new MalformedFrameException(packetId, "value of " + length + " bytes");
    }
    byte[] value = data.readNBytes(length);
    if (value.length < length) {
      throw new EOFException("answer cut off");
    }
    if (tag == ERROR && length >= 1) {
      throw new PeerException(
          ErrorCode.of(value[0]), new String(value, 1, length - 1, StandardCharsets.UTF_8));
    }
    if (tag != PIECE_CONTENT) {
      throw new MalformedFrameException(packetId, "unexpected tag " + tag);
    }
    return metadata(packetId, ByteBuffer.wrap(value));
  }

  private static Metadata metadata(int packetId, ByteBuffer value) throws IOException {
    try {
      if (value.getInt() != value.remaining()) {
        throw new MalformedFrameException(packetId, "length of the metadata is wrong");
      }
      return new Metadata(
          value.getInt(),
          value.getLong(),
          value.getLong(),
          text(value),
          text(value),
          Byte.toUnsignedInt(value.get()),
          Duration.ofSeconds(Math.clamp(value.getLong(), 0, Integer.MAX_VALUE)),
          Instant.ofEpochSecond(value.getLong()));
    } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException e) {
      throw new MalformedFrameException(packetId, "metadata cut off or malformed");
    }
  }

  private static String text(ByteBuffer value) {
    int length = value.getInt();
    if (length < 0 || length > value.remaining()) {
      throw new IllegalArgumentException("text of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    value.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static ByteBuffer header(int packetId, int tag, int length, int room) {
    return ByteBuffer.allocate(HEADER_BYTES + room)
        .put((byte) packetId)
        .put((byte) tag)
        .putInt(length);
  }

  /** A frame that is not vortex, or not what we expect here. */
  static final class MalformedFrameException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int packetId;

    MalformedFrameException(int packetId, String message) {
      super("malformed vortex frame: " + message);
      this.packetId = packetId;
    }

    int packetId() {
      return packetId;
    }
  }
}
