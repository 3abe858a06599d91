package io.llmaz.loader;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.source.ByteRange;
import io.llmaz.source.Digest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which way is asked for which bytes of one file. */
final class FileLoadTest {
  private static final int BREAK = 3 << 20;
  private static final int STRETCH = (int) FileLoad.STRETCH;
  private static final byte[] CONTENT = new byte[BREAK + STRETCH + 1000];
  private static ManifestFile file;

  @TempDir Path directory;
  private final List<String> asked = new ArrayList<>();

  @BeforeAll
  static void fill() {
    new Random(7).nextBytes(CONTENT);
    Digest digest = TestingHub.sha256(CONTENT);
    file = ManifestFile.verified("model.bin", CONTENT.length, digest);
  }

  @Test
  void load_wayBreaksOffOnce_isAskedAgainAfterAStretch() {
    load(way("peers", 1), way("gateway", 0));

    assertThat(asked)
        .containsExactly(
            "peers 0-" + CONTENT.length,
            "gateway " + BREAK + "-" + (BREAK + STRETCH),
            "peers " + (BREAK + STRETCH) + "-" + CONTENT.length);
  }

  @Test
  void load_wayFailsAgain_isLeftAndTheNextGivesTheRest() {
    load(refusing("peers", SourceException.Kind.TRANSIENT), way("gateway", 0));

    assertThat(asked)
        .containsExactly(
            "peers 0-" + CONTENT.length,
            "gateway 0-" + STRETCH,
            "peers " + STRETCH + "-" + CONTENT.length,
            "gateway " + STRETCH + "-" + CONTENT.length);
  }

  @Test
  void load_wayRefuses_isNotAskedAgain() {
    load(refusing("peers", SourceException.Kind.USER), way("gateway", 0));

    assertThat(asked).containsExactly("peers 0-" + CONTENT.length, "gateway 0-" + CONTENT.length);
  }

  @Test
  void load_wayGivesWrongBytes_isNotAskedAgain() {
    Way wrong = new Way("peers", (f, range) -> open("peers", range, new byte[CONTENT.length], 0));

    load(wrong, way("gateway", 0));

    assertThat(asked).containsExactly("peers 0-" + CONTENT.length, "gateway 0-" + CONTENT.length);
  }

  private void load(Way... ways) {
    ModelDirectory place = new ModelDirectory(directory, "f/f");
    LoadReport report = new LoadReport(System.out, false, InstantSource.system());
    new FileLoad(place, "hf://f/f", Optional.empty(), List.of(ways), report).load(file);
  }

  /** A way that breaks off its first answers. */
  private Way way(String name, int breaks) {
    int[] left = {breaks};
    return new Way(name, (f, range) -> open(name, range, CONTENT, left[0]-- > 0 ? BREAK : 0));
  }

  private Way refusing(String name, SourceException.Kind kind) {
    return new Way(
        name,
        (f, range) -> {
          asked.add(name + " " + range.start() + "-" + range.end());
          throw new SourceException(kind, "no");
        });
  }

  private InputStream open(String name, ByteRange range, byte[] content, int breakAfter) {
    asked.add(name + " " + range.start() + "-" + range.end());
    int length = breakAfter > 0 ? breakAfter : (int) range.length();
    InputStream bytes = new ByteArrayInputStream(content, (int) range.start(), length);
    return breakAfter > 0 ? new SequenceInputStream(bytes, new Breaking()) : bytes;
  }

  private static final class Breaking extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("connection reset");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      throw new IOException("connection reset");
    }
  }
}
