package io.llmaz.loader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SmallFilesTest {
  @AutoClose private final TestingLoad load;

  SmallFilesTest(@TempDir Path directory) {
    load = new TestingLoad(directory);
  }

  @Test
  void run_aThousandSmallFiles_comeByOneRequest() throws IOException {
    putSmallFiles(1000);

    assertThat(load.run(load.p2p())).isZero();

    assertSmallFiles(1000);
    assertThat(load.hub.asked).noneMatch(a -> a.contains("many/"));
    assertThat(load.hub.asked).filteredOn(a -> a.contains("/bundle")).hasSize(1);
    assertThat(load.output()).contains("1003 files verified, 0 unverified, 0 mismatches");
  }

  @Test
  void run_gatewayWithoutBundles_asksForEachFile() throws IOException {
    putSmallFiles(50);
    load.hub.bundles = false;

    assertThat(load.run(load.p2p())).isZero();

    assertSmallFiles(50);
    assertThat(load.output()).contains("no bundle of small files");
  }

  @Test
  void run_bundleBreaksOffAndHoldsWrongBytes_theRestComesByItself() throws IOException {
    putSmallFiles(200);
    load.hub.status.put("bundle", 0);
    load.hub.wrongBytes.put("bundle", true);

    assertThat(load.run(load.p2p())).isZero();

    assertSmallFiles(200);
    assertThat(load.hub.asked).anyMatch(a -> a.endsWith("many/199"));
    assertThat(load.hub.asked).anyMatch(a -> a.endsWith("many/107"));
    assertThat(load.hub.asked).noneMatch(a -> a.endsWith("many/108"));
  }

  private void putSmallFiles(int count) {
    for (int i = 0; i < count; i++) {
      load.hub.files.put("many/" + i, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
    }
  }

  private void assertSmallFiles(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(load.model().resolve("many/" + i)).hasContent(Integer.toString(i));
    }
  }
}
