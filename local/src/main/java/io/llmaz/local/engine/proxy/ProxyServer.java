package io.llmaz.local.engine.proxy;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.local.engine.store.PieceLayout;
import io.llmaz.local.engine.store.StoredTask;
import io.llmaz.local.engine.store.TaskStore;
import io.llmaz.local.engine.transfer.PieceReader;
import io.llmaz.local.engine.transfer.Transfer;
import io.llmaz.local.engine.transfer.TransferException;
import io.llmaz.local.engine.transfer.TransferRequest;
import io.llmaz.local.engine.transfer.Transfers;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The node's HTTP port: a forward proxy for absolute requests, a registry mirror for the others.
 * What goes through P2P streams in order while the pieces arrive; a range starts the whole task and
 * is answered as soon as its own pieces are there. An answer that cannot go on breaks the
 * connection, so that the client sees that its body is short.
 */
public final class ProxyServer implements Closeable {
  private static final int MAX_REQUEST_BODY = 16 << 20;
  private static final Set<String> RESERVED =
      Set.of("content-length", "content-range", "accept-ranges", "content-encoding");

  private final Transfers transfers;
  private final TaskStore store;
  private final Upstream upstream;
  private final Optional<URI> defaultRegistry;
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel server;

  /**
   * Starts to listen.
   *
   * @param defaultRegistry where requests without a host go that name no registry
   * @param client for what goes straight; must not follow redirects
   * @throws IOException when the address cannot be had
   */
  public ProxyServer(
      InetSocketAddress address,
      EventLoopGroup eventLoops,
      Transfers transfers,
      TaskStore store,
      HttpClient client,
      Optional<URI> defaultRegistry)
      throws IOException {
    this.transfers = transfers;
    this.store = store;
    this.upstream = new Upstream(client);
    this.defaultRegistry = defaultRegistry;
    var bound =
        new ServerBootstrap()
            .group(eventLoops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 512)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    clients.add(channel);
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpServerKeepAliveHandler(),
                            new HttpObjectAggregator(MAX_REQUEST_BODY),
                            new ClientConnection(ProxyServer.this::answer, channel));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen for HTTP on " + address, bound.cause());
    }
    this.server = bound.channel();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  @Override
  public void close() {
    server.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    clients.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  private void answer(FullHttpRequest request, ClientConnection connection)
      throws IOException, InterruptedException {
    switch (Route.of(request, defaultRegistry)) {
      case Route.Refused(int status, String why) -> error(connection, status, "proxy", why);
      case Route.Straight straight -> upstream.pass(request, straight, connection);
      case Route.Peers(Download download) -> throughPeers(request, download, connection);
    }
  }

  private void throughPeers(FullHttpRequest request, Download download, ClientConnection connection)
      throws IOException, InterruptedException {
    PieceReader reader;
    Transfer transfer;
    try {
      transfer = transfers.join(TransferRequest.of(download));
      reader = PieceReader.open(transfers, transfer, store);
    } catch (TransferException e) {
      refuse(connection, e);
      return;
    } catch (IllegalArgumentException e) {
      error(connection, 400, "proxy", String.valueOf(e.getMessage()));
      return;
    }
    try (reader) {
      stream(reader, transfer.local(), request.headers().get(HttpHeaderNames.RANGE), connection);
    } catch (TransferException e) {
      throw new IOException("the task broke off: " + e.getMessage(), e);
    }
  }

  private static void stream(
      PieceReader reader, boolean local, @Nullable String rangeHeader, ClientConnection connection)
      throws IOException, InterruptedException {
    StoredTask task = reader.task();
    PieceLayout layout = task.layout();
    Optional<ByteRange> range;
    try {
      range = ByteRange.parse(rangeHeader, layout.contentLength());
    } catch (ByteRange.UnsatisfiableException e) {
      FullHttpResponse response = ClientConnection.text(416, "no such range");
      response.headers().set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + layout.contentLength());
      connection.reply(response);
      return;
    }
    long first = range.map(ByteRange::first).orElse(0L);
    long length = range.map(ByteRange::length).orElse(layout.contentLength());
    DefaultHttpResponse head =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1,
            range.isPresent() ? HttpResponseStatus.PARTIAL_CONTENT : HttpResponseStatus.OK);
    HttpHeaders headers = head.headers();
    task.headers()
        .forEach((name, value) -> {
          if (!RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            headers.set(name, value);
          }
        });
    headers.set(HttpHeaderNames.ACCEPT_RANGES, "bytes");
    headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
    range.ifPresent(r ->
        headers.set(
            HttpHeaderNames.CONTENT_RANGE,
            "bytes %d-%d/%d".formatted(r.first(), r.last(), layout.contentLength())));
    headers.set("X-Dragonfly-Task-ID", task.id());
    headers.set("X-Dragonfly-Task-Download-Finished", Boolean.toString(local));
    headers.set("X-Dragonfly-Server-IP", connection.localAddress());
    connection.head(head);
    long end = first + length;
    for (long position = first; position < end; ) {
      int piece = layout.pieceAt(position);
      reader.await(piece);
      long pieceEnd = Math.min(end, layout.offset(piece) + layout.length(piece));
      connection.body(reader.content().channel(), position, pieceEnd - position);
      position = pieceEnd;
    }
    connection.end();
  }

  private static void refuse(ClientConnection connection, TransferException failure)
      throws IOException, InterruptedException {
    String message = String.valueOf(failure.getMessage());
    switch (failure.reason()) {
      case SOURCE -> {
        FullHttpResponse response =
            ClientConnection.text(
                failure.sourceStatus() >= 400 ? failure.sourceStatus() : 502, message);
        failure
            .sourceHeaders()
            .forEach((name, value) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (!RESERVED.contains(lower) && !lower.equals("content-type")) {
                response.headers().set(name, value);
              }
            });
        response.headers().set("X-Dragonfly-Error-Type", "backend");
        connection.reply(response);
      }
      case STORE_FULL -> error(connection, 507, "dfdaemon", message);
      case CANCELLED, NO_PEERS -> error(connection, 503, "dfdaemon", message);
      case FAILED -> error(connection, 500, "dfdaemon", message);
    }
  }

  private static void error(ClientConnection connection, int status, String type, String message)
      throws IOException, InterruptedException {
    FullHttpResponse response = ClientConnection.text(status, message);
    response.headers().set("X-Dragonfly-Error-Type", type);
    connection.reply(response);
  }
}
