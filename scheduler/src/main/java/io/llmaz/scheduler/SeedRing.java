package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Host;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Which seed a task belongs to, and which comes next when that one fails: highest random weight, so
 * a seed that joins or leaves moves only its own share of tasks.
 */
final class SeedRing {
  private SeedRing() {}

  static List<Host> inOrder(String taskId, Collection<Host> seeds) {
    return seeds.stream()
        .sorted(
            Comparator.<Host>comparingLong(seed -> -weight(taskId, seed))
                .thenComparing(Host::getId))
        .toList();
  }

  private static long weight(String taskId, Host seed) {
    CRC32C crc = new CRC32C();
    crc.update(
        (taskId + " " + seed.getIp() + ":" + seed.getPort()).getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
