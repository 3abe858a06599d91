package io.llmaz.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

final class BundleProperties {

  @Property(tries = 200)
  void read_whatWasWritten_isTheSameAndAsLongAsSaid(
      @ForAll @Size(max = 6) Map<@AlphaChars @StringLength(min = 1, max = 40) String, byte[]> files)
      throws IOException {
    byte[] bundle = write(files);
    List<ManifestFile> listed = new ArrayList<>();
    files.forEach((p, c) -> listed.add(ManifestFile.unverified(p, c.length, "etag")));

    assertThat(bundle).hasSize((int) BundleWriter.length(listed));
    BundleReader reader = new BundleReader(new ByteArrayInputStream(bundle));
    for (int i = 0; i < files.size(); i++) {
      BundleReader.Entry entry = reader.next().orElseThrow();
      assertThat(entry.content()).isEqualTo(files.get(entry.path()));
    }
    assertThat(reader.next()).isEmpty();
  }

  @Property(tries = 200)
  void read_cutAnywhere_saysSo(@ForAll @IntRange(max = 1000) int cut) throws IOException {
    byte[] bundle = write(Map.of("a/config.json", new byte[300]));
    int length = cut % bundle.length;
    BundleReader reader =
        new BundleReader(new ByteArrayInputStream(java.util.Arrays.copyOf(bundle, length)));

    assertThatThrownBy(
            () -> {
              while (reader.next().isPresent()) {}
            })
        .isInstanceOf(IOException.class);
  }

  @Property(tries = 500)
  void read_anything_throwsNothingButIoException(@ForAll byte[] junk) {
    BundleReader reader = new BundleReader(new ByteArrayInputStream(junk));
    try {
      Optional<BundleReader.Entry> entry;
      do {
        entry = reader.next();
      } while (entry.isPresent());
    } catch (IOException expected) {
      assertThat(expected).isNotNull();
    }
  }

  @Example
  void read_aPathThatClimbs_isRefused() throws IOException {
    byte[] bundle = write(Map.of("../../etc/passwd", new byte[1]));

    assertThatThrownBy(() -> new BundleReader(new ByteArrayInputStream(bundle)).next())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a bundle");
  }

  @Example
  void read_aHugeLength_allocatesNothing() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new DataOutputStream(bytes).writeInt(Integer.MAX_VALUE);

    assertThatThrownBy(() -> new BundleReader(new ByteArrayInputStream(bytes.toByteArray())).next())
        .hasMessageContaining("2147483647");
  }

  private static byte[] write(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BundleWriter writer = new BundleWriter(bytes);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      writer.add(file.getKey(), file.getValue());
    }
    writer.end();
    return bytes.toByteArray();
  }
}
