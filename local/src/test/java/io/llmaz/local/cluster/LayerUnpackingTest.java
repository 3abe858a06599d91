package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerUnpackingTest {
  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
  }

  private interface Entries {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  private void unpack(Entries entries) throws IOException {
    Path layer = folder.resolve("layer.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(layer))) {
      entries.write(tar);
    }
    LayerUnpacking.unpack(layer, "application/vnd.oci.image.layer.v1.tar", root);
  }

  private static void file(TarArchiveOutputStream tar, String name, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream tar, String name, String to) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(to);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  @Test
  void unpack_whiteout_hidesTheLowerFile() throws IOException {
    unpack(tar -> file(tar, "./etc/a", "x"));
    unpack(tar -> file(tar, "etc/.wh.a", ""));

    assertThat(root.resolve("etc")).isEmptyDirectory();
  }

  @Test
  void unpack_opaqueWhiteout_hidesAllLowerFiles() throws IOException {
    unpack(tar -> file(tar, "etc/a", "x"));
    unpack(tar -> {
      file(tar, "etc/.wh..wh..opq", "");
      file(tar, "etc/b", "y");
    });

    assertThat(root.resolve("etc")).isDirectoryContaining("glob:**/b");
    assertThat(root.resolve("etc/a")).doesNotExist();
  }

  @Test
  void unpack_nameThatLeadsOut_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> unpack(tar -> file(tar, "../out", "x")));
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void unpack_linkThatLeadsOut_isLeftOut() throws IOException {
    unpack(tar -> link(tar, "etc/link", "../../.."));

    assertThat(root.resolve("etc/link")).doesNotExist();
  }

  @Test
  void unpack_fileBehindALink_isRefused() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            unpack(tar -> {
              file(tar, "real/a", "x");
              link(tar, "link", "real");
              file(tar, "link/b", "y");
            }))
        .withMessageContaining("through a link");
  }

  @Test
  void unpack_linkWithinTheImage_isKept() throws IOException {
    unpack(tar -> {
      file(tar, "lib/a.1", "x");
      link(tar, "lib/a", "/lib/a.1");
    });

    assertThat(root.resolve("lib/a")).hasContent("x");
  }
}
