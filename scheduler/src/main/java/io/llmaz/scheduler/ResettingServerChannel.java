package io.llmaz.scheduler;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.List;

/**
 * Follows a call's last headers with RST_STREAM(NO_ERROR) when the client has not ended its side,
 * as Go's gRPC server does and RFC 9113 section 8.1 allows. dfdaemon 1.5.10 depends on it: after
 * its last word on AnnouncePeer it waits, without a limit, until its side of the stream is gone.
 * grpc-java sends no such frame, so it is added below it, on each connection's HTTP/2 handler.
 */
final class ResettingServerChannel extends NioServerSocketChannel {

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    int count = super.doReadMessages(accepted);
    for (Object connection : accepted) {
      ((Channel) connection).pipeline().addLast(new Installer());
    }
    return count;
  }

  /** Waits for the first bytes: by then grpc-java has put its handler there. */
  private static final class Installer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      Http2ConnectionHandler http2 = context.pipeline().get(Http2ConnectionHandler.class);
      if (http2 != null) {
        ChannelHandlerContext handler = context.pipeline().context(http2);
        http2.connection().addListener(new Resets(http2, handler));
        context.fireChannelRead(bytes);
        context.pipeline().remove(this);
        return;
      }
      context.fireChannelRead(bytes);
    }
  }

  /** Runs on the connection's event loop only. */
  private static final class Resets extends Http2ConnectionAdapter {
    private final Http2ConnectionHandler http2;
    private final ChannelHandlerContext context;

    Resets(Http2ConnectionHandler http2, ChannelHandlerContext context) {
      this.http2 = http2;
      this.context = context;
    }

    @Override
    public void onStreamHalfClosed(Http2Stream stream) {
      if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
        context.executor().execute(() -> reset(stream));
      }
    }

    private void reset(Http2Stream stream) {
      if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
        var _ =
            http2.resetStream(
                context, stream.id(), Http2Error.NO_ERROR.code(), context.newPromise());
        context.flush();
      }
    }
  }
}
