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
import java.util.stream.Collectors;

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
    ways = List.copyOf(all);
  }

  synchronized void resumed(long bytes) {
    resumed += bytes;
    done += bytes;
  }

  synchronized void arrived(long bytes) {
    done += bytes;
    progressIfDue();
  }

  /** Bytes that a way took back. */
  synchronized void dropped(long bytes) {
    done -= bytes;
  }

  /** To be called now and then: a line comes also while nothing arrives. */
  synchronized void tick() {
    if (done < total) {
      progressIfDue();
    }
  }

  private void progressIfDue() {
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
    ObjectNode fields = JSON.createObjectNode();
    fields.put("bytes", done).put("total", total).put("percent", percent);
    fields.put("bytesPerSecond", Math.round(rate));
    String left = "unknown time";
    if (rate > 0) {
      long secondsLeft = Math.round((total - done) / rate);
      fields.put("secondsLeft", secondsLeft);
      left = secondsLeft + " s";
    } else {
      fields.putNull("secondsLeft");
    }
    ways.forEach(way -> fields.put(way.name(), way.bytes()));
    line(
        "progress",
        String.format(
            Locale.ROOT,
            "%d of %d bytes, %d%%, %.1f MB/s, %s left (%s)",
            done,
            total,
            percent,
            rate / 1e6,
            left,
            fromWhere()),
        fields);
  }

  private String fromWhere() {
    return ways.stream()
        .map(way -> way.name() + " " + way.bytes())
        .collect(Collectors.joining(", "));
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

  /**
   * Wrong bytes, which do not count as done any more.
   *
   * @param bytes thrown away
   */
  synchronized void mismatch(Way way, ManifestFile file, long bytes) {
    mismatches++;
    done -= bytes;
    ObjectNode fields = JSON.createObjectNode().put("way", way.name()).put("file", file.path());
    line("mismatch", way.name() + " gave wrong bytes for " + file.path() + ": refetched", fields);
  }

  synchronized void note(String text) {
    line("note", text, JSON.createObjectNode());
  }

  /** The last word of a run that failed. */
  synchronized void failed(LoaderException e) {
    ObjectNode fields = JSON.createObjectNode();
    fields.put("reason", e.exit().name().toLowerCase(Locale.ROOT)).put("exit", e.exit().code());
    line("failed", String.valueOf(e.getMessage()), fields);
  }

  /** How many times bytes were wrong. */
  synchronized int mismatches() {
    return mismatches;
  }

  /** The last word of a run that did it, which it also returns. */
  synchronized String summary() {
    double seconds = Duration.between(begin, clock.instant()).toMillis() / 1000.0;
    ObjectNode fields = JSON.createObjectNode();
    fields.put("bytes", done).put("resumed", resumed).put("seconds", seconds);
    fields.put("verified", verified).put("unverified", unverified).put("mismatches", mismatches);
    int stepsDown = ways.stream().mapToInt(Way::stepsDown).sum();
    fields.put("stepsDown", stepsDown);
    ways.forEach(way -> fields.put(way.name(), way.bytes()));
    String text =
        String.format(
            Locale.ROOT,
            "loaded %d bytes in %.1f s (%s), %d files verified, %d unverified, %d mismatches, %d steps down",
            done,
            seconds,
            fromWhere(),
            verified,
            unverified,
            mismatches,
            stepsDown);
    line("summary", text, fields);
    return text;
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
