package io.llmaz.local.hub;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which bytes of one content were sent at least once. Disjoint ranges by their start; not safe for
 * several threads.
 */
final class ServedRanges {
  private final TreeMap<Long, Long> endByStart = new TreeMap<>();

  /** Adds {@code start} up to but without {@code end}. */
  void add(long start, long end) {
    if (start >= end) {
      return;
    }
    Map.Entry<Long, Long> before = endByStart.floorEntry(start);
    if (before != null && before.getValue() >= start) {
      start = before.getKey();
      end = Math.max(end, before.getValue());
    }
    for (Map.Entry<Long, Long> next = endByStart.ceilingEntry(start);
        next != null && next.getKey() <= end;
        next = endByStart.ceilingEntry(start)) {
      end = Math.max(end, next.getValue());
      endByStart.remove(next.getKey());
    }
    endByStart.put(start, end);
  }

  long bytes() {
    return endByStart.entrySet().stream().mapToLong(r -> r.getValue() - r.getKey()).sum();
  }
}
