package io.llmaz.local.engine.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. The event loop parses and writes; requests are answered one after the
 * other by a virtual thread that may wait for pieces, and whose writes wait until they are flushed,
 * so that a slow client slows its answer and nothing else.
 */
final class ClientConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);

  private final Answerer answerer;
  private final BlockingQueue<FullHttpRequest> requests = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofVirtual().name("proxy-connection").unstarted(this::serve);
  private final Channel channel;

  /** Answers requests. */
  interface Answerer {
    void answer(FullHttpRequest request, ClientConnection connection)
        throws IOException, InterruptedException;
  }

  ClientConnection(Answerer answerer, Channel channel) {
    this.answerer = answerer;
    this.channel = channel;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    thread.start();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      var _ = context.close();
      return;
    }
    requests.add(request.retain());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    thread.interrupt();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("A client's connection broke: {}", cause.toString());
    var _ = context.close();
  }

  private void serve() {
    try {
      while (channel.isActive()) {
        FullHttpRequest request = requests.take();
        try {
          answerer.answer(request, this);
        } finally {
          request.release();
        }
      }
    } catch (InterruptedException gone) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      // The head may be out already: what is left to say is that the body is not whole.
      log.debug("Answer broken off: {}", e.toString());
    } finally {
      var _ = channel.close();
      requests.forEach(FullHttpRequest::release);
    }
  }

  /** Where the client asked. */
  String localAddress() {
    return ((InetSocketAddress) channel.localAddress()).getAddress().getHostAddress();
  }

  /** A short answer with a text body. */
  void reply(FullHttpResponse response) throws IOException, InterruptedException {
    flush(channel.writeAndFlush(response));
  }

  static FullHttpResponse text(int status, String message) {
    byte[] body = (message + "\n").getBytes(StandardCharsets.UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    return response;
  }

  /** The head of an answer whose body follows. */
  void head(HttpResponse response) throws IOException, InterruptedException {
    flush(channel.writeAndFlush(response));
  }

  /** A part of the body, copied. */
  void body(byte[] bytes, int length) throws IOException, InterruptedException {
    flush(channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes, 0, length))));
  }

  /** A part of the body, by sendfile. */
  void body(FileChannel file, long offset, long length) throws IOException, InterruptedException {
    flush(channel.writeAndFlush(new BorrowedFileRegion(file, offset, length)));
  }

  void end() throws IOException, InterruptedException {
    flush(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
  }

  private static void flush(ChannelFuture written) throws IOException, InterruptedException {
    written.await();
    if (!written.isSuccess()) {
      throw new IOException("the client is gone", written.cause());
    }
  }

  /** A region of a file that its reader closes, not the pipeline. */
  private static final class BorrowedFileRegion extends DefaultFileRegion {
    BorrowedFileRegion(FileChannel file, long offset, long length) {
      super(file, offset, length);
    }

    @Override
    protected void deallocate() {
      // The reader closes the file.
    }
  }
}
