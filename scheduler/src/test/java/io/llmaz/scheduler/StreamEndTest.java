package io.llmaz.scheduler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.dragonfly.api.scheduler.AnnouncePeerRequest;
import io.llmaz.dragonfly.api.scheduler.RegisterPeerRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a stream's end looks like in HTTP/2 frames, which no gRPC client of Java's can see. */
class StreamEndTest {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int NO_ERROR = 0;
  private static final int PATIENCE_MILLIS = 10_000;

  @Test
  void announcePeer_serverEndsFirst_resetsTheClientsSide() throws IOException {
    try (SchedulerServer server =
            SchedulerServer.start(
                SchedulerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
      frame(out, SETTINGS, 0, 0, new byte[0]);
      frame(out, HEADERS, END_HEADERS, 1, callHeaders());
      frame(out, DATA, 0, 1, registrationFromUnknownHost());

      DataInputStream in = new DataInputStream(socket.getInputStream());
      boolean ended = false;
      Frame frame = Frame.read(in);
      while (frame.type != RST_STREAM) {
        ended |= frame.type == HEADERS && (frame.flags & END_STREAM) != 0;
        frame = Frame.read(in);
      }

      assertThat(ended).as("trailers come first").isTrue();
      assertThat(frame.stream).isEqualTo(1);
      assertThat(frame.payload).containsExactly(0, 0, 0, NO_ERROR);
    }
  }

  private record Frame(int type, int flags, int stream, byte[] payload) {
    static Frame read(DataInputStream in) throws IOException {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      return new Frame(
          in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), in.readNBytes(length));
    }
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  /** HPACK literals without indexing, each shorter than 127 bytes. */
  private static byte[] callHeaders() throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(block);
    for (Map.Entry<String, String> header :
        List.of(
            Map.entry(":method", "POST"),
            Map.entry(":scheme", "http"),
            Map.entry(":path", "/scheduler.v2.Scheduler/AnnouncePeer"),
            Map.entry(":authority", "localhost"),
            Map.entry("content-type", "application/grpc"),
            Map.entry("te", "trailers"))) {
      out.writeByte(0);
      out.writeByte(header.getKey().length());
      out.write(header.getKey().getBytes(US_ASCII));
      out.writeByte(header.getValue().length());
      out.write(header.getValue().getBytes(US_ASCII));
    }
    return block.toByteArray();
  }

  private static byte[] registrationFromUnknownHost() throws IOException {
    byte[] message =
        AnnouncePeerRequest.newBuilder()
            .setHostId("nobody")
            .setTaskId("t")
            .setPeerId("p")
            .setRegisterPeerRequest(RegisterPeerRequest.getDefaultInstance())
            .build()
            .toByteArray();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(0);
    out.writeInt(message.length);
    out.write(message);
    return bytes.toByteArray();
  }
}
