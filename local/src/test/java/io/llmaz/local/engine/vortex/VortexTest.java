package io.llmaz.local.engine.vortex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Frames byte by byte as reference/dragonfly.md section 6.1 gives them. */
final class VortexTest {
  private static final String TASK = "0123456789abcdef".repeat(4);
  private static final String TASK_HEX =
      HexFormat.of().formatHex(TASK.getBytes(StandardCharsets.UTF_8));

  @Test
  void request_isHeaderTaskAndNumber() {
    assertThat(hex(Vortex.request(new Vortex.Request(0x2a, TASK, 258))))
        .isEqualTo("2a0000000044" + TASK_HEX + "00000102");
  }

  @Test
  void answer_isMetadataWhoseContentIsNotCounted() {
    var metadata =
        new Vortex.Metadata(
            7, 1L << 33, 4, "crc32:1", "p", 1, Duration.ofSeconds(2), Instant.ofEpochSecond(3));
    // Metadata: 4 + 8 + 8 + (4 + 7) + (4 + 1) + 1 + 8 + 8 = 53 = 0x35; the value is 4 more.
    assertThat(hex(Vortex.answer(1, metadata)))
        .isEqualTo(
            "010100000039"
                + "00000035"
                + "00000007"
                + "0000000200000000"
                + "0000000000000004"
                + "00000007"
                + "63726333323a31"
                + "00000001"
                + "70"
                + "01"
                + "0000000000000002"
                + "0000000000000003");
  }

  @Test
  void error_isCodeAndText() {
    assertThat(hex(Vortex.error(9, Vortex.ErrorCode.NOT_FOUND, "no")))
        .isEqualTo("09ff00000003026e6f");
  }

  @Test
  void readRequest_ofARequest_givesItBack() throws Exception {
    var request = new Vortex.Request(255, TASK, 12);
    assertThat(Vortex.readRequest(stream(Vortex.request(request)))).hasValue(request);
  }

  @Test
  void readRequest_atTheEndOrAtClose_isEmpty() throws Exception {
    assertThat(Vortex.readRequest(InputStream.nullInputStream())).isEmpty();
    assertThat(Vortex.readRequest(bytes("05fe00000000"))).isEmpty();
  }

  @Test
  void readRequest_ofAnotherTag_isMalformed() {
    assertThatThrownBy(() -> Vortex.readRequest(bytes("050800000000")))
        .isInstanceOf(Vortex.MalformedFrameException.class);
  }

  @Test
  void readAnswer_ofAnAnswer_givesItBack() throws Exception {
    var metadata =
        new Vortex.Metadata(
            1, 2, 3, "crc32:4", "", 0, Duration.ofSeconds(5), Instant.ofEpochSecond(6));
    assertThat(Vortex.readAnswer(stream(Vortex.answer(0, metadata)))).isEqualTo(metadata);
  }

  @Test
  void readAnswer_ofAnError_throwsItsMessage() {
    assertThatThrownBy(() -> Vortex.readAnswer(bytes("09ff00000003026e6f")))
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("NOT_FOUND: no");
  }

  @Test
  void readAnswer_ofHugeLength_isRefusedWithoutReadingIt() {
    assertThatThrownBy(() -> Vortex.readAnswer(bytes("09017fffffff")))
        .isInstanceOf(Vortex.MalformedFrameException.class);
  }

  @Test
  void readAnswer_cutOff_isAnEnd() {
    assertThatThrownBy(() -> Vortex.readAnswer(bytes("09010000002000")))
        .isInstanceOf(EOFException.class);
  }

  private static InputStream bytes(String hex) {
    return new ByteArrayInputStream(HexFormat.of().parseHex(hex));
  }

  private static InputStream stream(ByteBuffer buffer) {
    return new ByteArrayInputStream(content(buffer));
  }

  private static String hex(ByteBuffer buffer) {
    return HexFormat.of().formatHex(content(buffer));
  }

  private static byte[] content(ByteBuffer buffer) {
    byte[] content = new byte[buffer.remaining()];
    buffer.duplicate().get(content);
    return content;
  }
}
