package io.llmaz.loader;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.source.ManifestFile;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * What the loader says: progress each ten seconds or five percent, each step down to another way,
 * and a summary. As lines of text, or of JSON. All methods are synchronized: lines come whole.
 */
final class LoadReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final int STEP_PERCENT = 5;

  private final PrintStream out;
  private final boolean json;
  private final InstantSource clock;
  private final Instant begin;
  private List<Way> ways = List.of();
  private long total;
  private long done;
  private long resumed;
  private long verified;
  private long unverified;
  private int mismatches;
  private Instant lastLine;
  private long lastPercent;

  LoadReport(PrintStream out, boolean json, InstantSource clock) {
    this.out = out;
    this.json = json;
    this.clock = clock;
    this.begin = clock.instant();
    this.lastLine = begin;
  }

  synchronized void begin(long totalBytes, List<Way> all) {
    total = totalBytes;
    ways = all;
  }

  synchronized void resumed(long bytes) {
    resumed += bytes;
    done += bytes;
  }

  synchronized void arrived(int bytes) {
    done += bytes;
    Instant now = clock.instant();
    long percent = total == 0 ? 100 : done * 100 / total;
    boolean late = Duration.between(lastLine, now).compareTo(EVERY) >= 0;
    if (late || (percent >= lastPercent + STEP_PERCENT && percent < 100)) {
      lastLine = now;
      lastPercent = percent - percent % STEP_PERCENT;
      progress(percent, now);
    }
  }

  private void progress(long percent, Instant now) {
    double seconds = Math.max(0.001, Duration.between(begin, now).toMillis() / 1000.0);
    double rate = (done - resumed) / seconds;
    long left = rate > 0 ? Math.round((total - done) / rate) : -1;
    ObjectNode fields = JSON.createObjectNode();
    fields.put("bytes", done).put("total", total).put("percent", percent);
    fields.put("bytesPerSecond", Math.round(rate)).put("secondsLeft", left);
    ways.forEach(way -> fields.put(way.name(), way.bytes()));
    line(
        "progress",
        String.format(
            Locale.ROOT,
            "%d%% of %d bytes, %.1f MB/s, %d s left",
            percent,
            total,
            rate / 1e6,
            left),
        fields);
  }

  /** A file that an earlier run published, checked again. */
  synchronized void kept(ManifestFile file) {
    resumed(file.size());
    verified++;
  }

  synchronized void published(ManifestFile file) {
    if (file.digest() == null) {
      unverified++;
    } else {
      verified++;
    }
  }

  synchronized void stepDown(Way way, ManifestFile file, String why) {
    ObjectNode fields =
        JSON.createObjectNode().put("way", way.name()).put("file", file.path()).put("why", why);
    line("step-down", way.name() + " did not give " + file.path() + ": " + why, fields);
  }

  synchronized void mismatch(Way way, ManifestFile file) {
    mismatches++;
    ObjectNode fields = JSON.createObjectNode().put("way", way.name()).put("file", file.path());
    line("mismatch", way.name() + " gave wrong bytes for " + file.path() + ": refetched", fields);
  }

  synchronized void note(String text) {
    line("note", text, JSON.createObjectNode());
  }

  synchronized void summary() {
    double seconds = Duration.between(begin, clock.instant()).toMillis() / 1000.0;
    ObjectNode fields = JSON.createObjectNode();
    fields.put("bytes", done).put("resumed", resumed).put("seconds", seconds);
    fields.put("verified", verified).put("unverified", unverified).put("mismatches", mismatches);
    StringBuilder from = new StringBuilder();
    for (Way way : ways) {
      fields.put(way.name(), way.bytes());
      from.append(from.isEmpty() ? "" : ", ").append(way.name()).append(' ').append(way.bytes());
    }
    line(
        "summary",
        String.format(
            Locale.ROOT,
            "loaded %d bytes in %.1f s (%s), %d files verified, %d unverified, %d mismatches",
            done,
            seconds,
            from,
            verified,
            unverified,
            mismatches),
        fields);
  }

  private void line(String event, String text, ObjectNode fields) {
    if (!json) {
      out.println(event + ": " + text);
      return;
    }
    try {
      ObjectNode whole = JSON.createObjectNode().put("event", event);
      whole.setAll(fields.put("message", text));
      out.println(JSON.writeValueAsString(whole));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
