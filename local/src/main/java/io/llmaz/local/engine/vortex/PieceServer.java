package io.llmaz.local.engine.vortex;

import io.llmaz.local.engine.store.CorruptPieceException;
import io.llmaz.local.engine.store.StoredPiece;
import io.llmaz.local.engine.store.TaskContent;
import io.llmaz.local.engine.store.TaskStore;
import io.llmaz.local.engine.traffic.Bandwidth;
import io.llmaz.local.engine.traffic.TrafficCounters;
import io.llmaz.local.engine.vortex.Vortex.ErrorCode;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves pieces to other nodes: a virtual thread a connection, {@code sendfile} for the bytes.
 * Dragonfly asks for one piece a connection; a connection that stays open may ask for more.
 *
 * <p>A piece is compared with its checksum before its header goes out. When it is corrupt the peer
 * gets an error instead, and whoever listens is told that this node lacks the piece now.
 */
public final class PieceServer implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(PieceServer.class);
  private static final int SLICE = 1 << 20;
  private static final int BACKLOG = 512;
  private static final int WAKE_UP = 4 << 10;
  private static final int SOCKET_BUFFER = 4 << 20;

  private final TaskStore store;
  private final TrafficCounters counters;
  private final Bandwidth upload;
  private final Consumer<String> corruptionListener;
  private final ServerSocketChannel server;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

  private PieceServer(
      ServerSocketChannel server,
      TaskStore store,
      TrafficCounters counters,
      Bandwidth upload,
      Consumer<String> corruptionListener) {
    this.server = server;
    this.store = store;
    this.counters = counters;
    this.upload = upload;
    this.corruptionListener = corruptionListener;
  }

  /**
   * Starts to listen.
   *
   * @param corruptionListener told the task's id after a piece of it had to be dropped
   */
  public static PieceServer start(
      InetSocketAddress address,
      TaskStore store,
      TrafficCounters counters,
      Bandwidth upload,
      Consumer<String> corruptionListener)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(address, BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot listen for pieces on " + address + ": " + e.getMessage(), e);
    }
    PieceServer pieces = new PieceServer(channel, store, counters, upload, corruptionListener);
    Thread.ofVirtual().name("piece-server").start(pieces::accept);
    return pieces;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    try {
      return (InetSocketAddress) server.getLocalAddress();
    } catch (IOException e) {
      throw new IllegalStateException("the piece server is closed", e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().name("piece-connection").start(() -> serve(connection));
        if (!server.isOpen()) {
          connection.close();
        }
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        log.warn("Accepting a peer failed: {}", e.getMessage());
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connection.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
      InputStream in = connection.socket().getInputStream();
      Optional<Vortex.Request> request = Vortex.readRequest(in);
      while (request.isPresent()) {
        answer(connection, request.get());
        request = Vortex.readRequest(in);
      }
    } catch (Vortex.MalformedFrameException e) {
      log.debug("Peer sent what is not vortex: {}", e.getMessage());
    } catch (ClosedChannelException | EOFException gone) {
      log.trace("Peer went away");
    } catch (IOException e) {
      log.debug("Serving a peer ended: {}", e.getMessage());
    } finally {
      connections.remove(connection);
    }
  }

  private void answer(SocketChannel connection, Vortex.Request request) throws IOException {
    Optional<TaskContent> found = open(request.taskId());
    if (found.isEmpty()) {
      refuse(connection, request, ErrorCode.NOT_FOUND, "no task " + request.taskId());
      return;
    }
    try (TaskContent content = found.get()) {
      var layout = content.task().layout();
      if (request.number() < 0 || request.number() >= layout.count()) {
        refuse(connection, request, ErrorCode.INVALID_ARGUMENT, "no piece " + request.number());
        return;
      }
      StoredPiece piece;
      try {
        piece = content.verify(request.number());
      } catch (NoSuchElementException absent) {
        refuse(connection, request, ErrorCode.NOT_FOUND, "piece is not here");
        return;
      } catch (CorruptPieceException e) {
        log.warn("Dropped a corrupt piece: {}", e.getMessage());
        refuse(connection, request, ErrorCode.INTERNAL, "piece is corrupt");
        corruptionListener.accept(request.taskId());
        return;
      }
      long offset = layout.offset(piece.number());
      int length = layout.length(piece.number());
      writeAll(
          connection,
          Vortex.answer(
              request.packetId(),
              new Vortex.Metadata(
                  piece.number(),
                  offset,
                  length,
                  piece.digest(),
                  "",
                  piece.fromSource() ? 0 : 1,
                  Duration.ZERO,
                  piece.storedAt())));
      send(content.channel(), offset, length, connection);
    }
  }

  private Optional<TaskContent> open(String taskId) throws IOException {
    try {
      return store.open(taskId);
    } catch (NoSuchElementException deletedMeanwhile) {
      return Optional.empty();
    }
  }

  private void send(FileChannel file, long offset, long length, SocketChannel connection)
      throws IOException {
    long end = offset + length;
    while (offset < end) {
      long slice = Math.min(SLICE, end - offset);
      upload.take(slice);
      long sliceEnd = offset + slice;
      while (offset < sliceEnd) {
        long sent = file.transferTo(offset, sliceEnd - offset, connection);
        if (sent <= 0) {
          // The socket of a virtual thread is non-blocking below: when it is full, sendfile sends
          // nothing, and an ordinary write is what parks the thread.
          ByteBuffer copy = ByteBuffer.allocate((int) Math.min(WAKE_UP, sliceEnd - offset));
          if (file.read(copy, offset) < 0) {
            throw new EOFException("content file is too short");
          }
          sent = copy.flip().remaining();
          writeAll(connection, copy);
        }
        offset += sent;
        counters.addServed(sent);
      }
    }
  }

  private static void refuse(
      SocketChannel connection, Vortex.Request request, ErrorCode code, String message)
      throws IOException {
    writeAll(connection, Vortex.error(request.packetId(), code, message));
  }

  private static void writeAll(SocketChannel connection, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      connection.write(bytes);
    }
  }
}
