package io.llmaz.loader;

import static io.llmaz.loader.TestingLoad.LARGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are not what the hub promises are never published. */
final class WrongBytesTest {
  @AutoClose private final TestingLoad load;

  WrongBytesTest(@TempDir Path directory) {
    load = new TestingLoad(directory);
  }

  @Test
  void run_wrongBytesFromPeers_areNeverPublishedAndRefetched() throws IOException {
    load.hub.wrongBytes.put("dfdaemon", true);

    assertThat(load.run(load.p2p())).isZero();

    load.assertPublished();
    assertThat(load.output()).contains("mismatch: dfdaemon gave wrong bytes for model.bin");
    // The gateway would else give what a seed has, which may be where the wrong bytes come from.
    assertThat(load.hub.askedOfTheSource).contains("gateway /v1/blobs/f/model.bin");
  }

  @Test
  void run_wrongBytesFromEveryWay_failsAndPublishesNothing() {
    for (String player : new String[] {"dfdaemon", "gateway", "hub"}) {
      load.hub.wrongBytes.put(player, true);
    }

    assertThat(load.run(load.p2p())).isEqualTo(65);

    assertThat(load.model().resolve("model.bin")).doesNotExist();
    assertThat(load.output()).contains("does not have the digest");
  }

  @Test
  void run_hubGivesWrongBytesAndNobodyElseIsThere_asksThreeTimesAndNamesIt() {
    load.hub.wrongBytes.put("hub", true);
    load.hub.files.keySet().retainAll(List.of("model.bin"));

    assertThat(load.run(load.plain())).isEqualTo(65);

    assertThat(load.hub.asked).filteredOn(a -> a.contains("model.bin")).hasSize(3);
    assertThat(load.output()).contains("promises (wrong 3 times, by way of hub, hub, hub)");
    assertThat(load.model().resolve("model.bin")).doesNotExist();
  }

  @Test
  void run_wrongStartOfAnEarlierRun_isNotBlamedOnTheWayThatEndsIt() throws IOException {
    byte[] wrong = LARGE.clone();
    wrong[0] ^= 1;
    load.leavePartial(wrong, 1_000_000);

    assertThat(load.run(load.plain())).isZero();

    load.assertPublished();
    assertThat(load.output()).contains("mismatch: hub gave wrong bytes for model.bin");
  }

  @Test
  void run_noDaemonForgets_saysSoAndGoesOn() throws IOException {
    load.hub.wrongBytes.put("dfdaemon", true);
    Map<String, String> environment = load.p2p();
    environment.put("LLMAZ_DFDAEMON_UPLOAD_PORT", "1");

    assertThat(load.run(environment)).isZero();

    load.assertPublished();
    assertThat(load.output()).contains("could not be removed from 127.0.0.1:1");
  }
}
