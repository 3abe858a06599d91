package io.llmaz.dragonfly;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Which seed a task belongs to, and which comes next when that one fails: highest random weight, so
 * a seed that joins or leaves moves only its own share of the tasks. The weight is cryptographic
 * because a checksum's is linear: with three seeds one of them would get half of all tasks.
 */
public final class SeedOrder {
  private SeedOrder() {}

  /** All seeds, the task's own first; the same for whoever asks with the same set. */
  public static List<SeedAddress> of(String taskId, Collection<SeedAddress> seeds) {
    return seeds.stream()
        .distinct()
        .map(seed -> Map.entry(weight(taskId, seed), seed))
        .sorted(
            Map.Entry.<Long, SeedAddress>comparingByKey(Comparator.reverseOrder())
                .thenComparing(entry -> entry.getValue().toString()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static long weight(String taskId, SeedAddress seed) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((taskId + " " + seed).getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
