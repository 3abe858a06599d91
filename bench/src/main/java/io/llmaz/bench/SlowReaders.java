package io.llmaz.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Many readers of different ranges at once that take a little now and then, so that everybody's
 * answer is under way all the time. For one thread.
 */
final class SlowReaders implements AutoCloseable {
  private static final int RECEIVE_BUFFER = 64 << 10;
  private static final int SIP = 16 << 10;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final List<SocketChannel> open = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIP);
  private long received;

  /**
   * Asks for all ranges.
   *
   * @param links of files of the same size
   * @param length of each range
   */
  SlowReaders(List<URI> links, long fileSize, int readers, long length) throws IOException {
    Random random = new Random(3);
    for (int i = 0; i < readers; i++) {
      URI link = links.get(i % links.size());
      long from = random.nextLong(fileSize - length);
      SocketChannel channel = SocketChannel.open();
      open.add(channel);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
      channel.connect(new InetSocketAddress(link.getHost(), link.getPort()));
      String request =
          "GET %s?%s HTTP/1.1\r\nHost: %s\r\nRange: bytes=%d-%d\r\nConnection: close\r\n\r\n"
              .formatted(
                  link.getRawPath(),
                  link.getRawQuery(),
                  link.getAuthority(),
                  from,
                  from + length - 1);
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.configureBlocking(false);
    }
  }

  /** Takes a little of each, again and again. */
  void sip(Duration time) throws IOException, InterruptedException {
    for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
      for (SocketChannel channel : open) {
        take(channel);
      }
      Thread.sleep(PAUSE);
    }
  }

  /**
   * Takes the rest as fast as it comes.
   *
   * @return bytes of all answers, with their headers
   */
  long drain() throws IOException, InterruptedException {
    while (!open.isEmpty()) {
      boolean idle = true;
      for (SocketChannel channel : List.copyOf(open)) {
        int count = take(channel);
        idle &= count == 0;
        if (count < 0) {
          channel.close();
          open.remove(channel);
        }
      }
      if (idle) {
        Thread.sleep(1);
      }
    }
    return received;
  }

  private int take(SocketChannel channel) throws IOException {
    buffer.clear();
    int count = channel.read(buffer);
    received += Math.max(0, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : open) {
      channel.close();
    }
  }
}
