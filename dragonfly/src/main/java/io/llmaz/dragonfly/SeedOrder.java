package io.llmaz.dragonfly;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Which seed a task belongs to, and which comes next when that one fails: the ring on which
 * Dragonfly's scheduler chooses a seed for a task that nobody has (scheduler 2.5.1, {@code
 * resource/standard/seed_peer.go} with {@code stathat.com/c/consistent}). We choose as it does, so
 * that a scheduler that has forgotten a task sends its nodes to the seed that we filled, and the
 * source is not read again for another.
 *
 * <p>Each seed has {@value #POINTS} points, the CRC-32 of a number and its address; a task belongs
 * to the first point after its own CRC-32. A seed that joins or leaves moves only tasks of its own.
 * Shares are as even as that lets them be: of three seeds one has up to 0.42 of all tasks.
 */
public final class SeedOrder {
  private static final int POINTS = 20;

  private SeedOrder() {}

  /** All seeds, the task's own first; the same for whoever asks with the same set. */
  public static List<SeedAddress> of(String taskId, Collection<SeedAddress> seeds) {
    TreeMap<Long, SeedAddress> ring = new TreeMap<>();
    // In an order of their own: where two points meet, the last one stays.
    seeds.stream()
        .distinct()
        .sorted(Comparator.comparing(SeedAddress::toString))
        .forEach(seed -> {
          for (int point = 0; point < POINTS; point++) {
            ring.put(crc32(point + seed.toString()), seed);
          }
        });
    Map<Long, SeedAddress> after = ring.tailMap(crc32(taskId), false);
    Set<SeedAddress> order = new LinkedHashSet<>(after.values());
    order.addAll(ring.values());
    return List.copyOf(order);
  }

  private static long crc32(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
