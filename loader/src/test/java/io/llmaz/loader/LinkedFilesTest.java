package io.llmaz.loader;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.source.ContentHasher;
import io.llmaz.source.Digest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of four bytes, and a daemon whose store is a folder beside the model. */
final class LinkedFilesTest {
  private static final byte[] CONTENT = "four".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final LoadReport report =
      new LoadReport(
          new PrintStream(said, true, StandardCharsets.UTF_8), false, InstantSource.system());
  private final List<String> forgotten = new ArrayList<>();
  private Path store = Path.of("");
  private ModelDirectory directory = new ModelDirectory(Path.of(""), "");

  @BeforeEach
  void fill() throws IOException {
    store = Files.write(folder.resolve("store"), CONTENT);
    directory = new ModelDirectory(folder.resolve("model"), "f/f");
  }

  @Test
  void load_daemonLinks_publishesItsOwnFile() throws IOException {
    LinkedFiles links = links(store);

    assertThat(links.load(file())).isEqualTo(LinkedFiles.Outcome.PUBLISHED);

    assertThat(Files.isSameFile(published(), store)).isTrue();
    assertThat(links.way().bytes()).isEqualTo(CONTENT.length);
  }

  @Test
  void load_wrongBytes_unlinksThemAndTellsTheDaemons() throws IOException {
    Files.writeString(store, "fuor");

    assertThat(links(store).load(file())).isEqualTo(LinkedFiles.Outcome.WRONG);

    assertThat(published()).doesNotExist();
    assertThat(directory.partialFiles()).isEmptyDirectory();
    assertThat(forgotten).containsExactly("m.bin");
    assertThat(store).as("never written to").hasContent("fuor");
  }

  @Test
  void load_daemonBreaksOffAfterItLinked_leavesNothingAndSaysWhy() throws IOException {
    LinkedFiles links =
        new LinkedFiles(
            directory,
            new TestingDaemon() {
              @Override
              public void link(ManifestFile file, Path place, LongConsumer arrived) {
                linkTo(store, place);
                arrived.accept(2);
                throw new SourceException(SourceException.Kind.TRANSIENT, "it was silent");
              }
            },
            (file, to) -> forgotten.add(file.path()),
            report);

    assertThat(links.load(file())).isEqualTo(LinkedFiles.Outcome.NOT_GIVEN);

    assertThat(directory.partialFiles()).isEmptyDirectory();
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("step-down: dfdaemon-link did not give m.bin: it was silent");
    assertThat(forgotten).isEmpty();
  }

  @Test
  void load_daemonSeesAnotherFolder_saysWhatToSet() throws IOException {
    LinkedFiles links =
        new LinkedFiles(
            directory, new TestingDaemon(), (file, to) -> forgotten.add(file.path()), report);

    assertThat(links.load(file())).isEqualTo(LinkedFiles.Outcome.NOT_GIVEN);

    assertThat(said.toString(StandardCharsets.UTF_8)).contains("LLMAZ_DFDAEMON_MODEL_ROOT");
  }

  @Test
  void load_thirdFailureInARow_asksNoMore() throws IOException {
    List<Path> asked = new ArrayList<>();
    LinkedFiles links =
        new LinkedFiles(
            directory,
            new TestingDaemon() {
              @Override
              public void link(ManifestFile file, Path place, LongConsumer arrived) {
                asked.add(place);
              }
            },
            Way.Forgetter.NOTHING,
            report);

    for (int i = 0; i < 5; i++) {
      assertThat(links.load(file())).isEqualTo(LinkedFiles.Outcome.NOT_GIVEN);
    }

    assertThat(asked).hasSize(3);
  }

  @Test
  void load_aKilledRunLeftItsLink_isLinkedAnewAndTheStoreIsUntouched() throws IOException {
    Files.createLink(directory.linkPlace(file()), store);

    assertThat(links(store).load(file())).isEqualTo(LinkedFiles.Outcome.PUBLISHED);

    assertThat(store).hasBinaryContent(CONTENT);
  }

  private LinkedFiles links(Path from) {
    return new LinkedFiles(
        directory,
        new TestingDaemon() {
          @Override
          public void link(ManifestFile file, Path place, LongConsumer arrived) {
            linkTo(from, place);
            arrived.accept(file.size());
          }
        },
        (file, to) -> forgotten.add(file.path()),
        report);
  }

  /** Says that it linked, and does not. */
  private static class TestingDaemon implements LinkedFiles.Daemon {
    static void linkTo(Path from, Path place) {
      try {
        Files.createLink(place, from);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void link(ManifestFile file, Path place, LongConsumer arrived) {}

    @Override
    public void close() {}
  }

  private Path published() {
    return folder.resolve("model/m.bin");
  }

  private static ManifestFile file() {
    ContentHasher hasher = ContentHasher.of(Digest.Algorithm.SHA256, CONTENT.length);
    hasher.update(CONTENT, 0, CONTENT.length);
    return new ManifestFile("m.bin", CONTENT.length, hasher.digest(), null);
  }
}
