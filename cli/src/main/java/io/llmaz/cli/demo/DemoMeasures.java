package io.llmaz.cli.demo;

import io.llmaz.api.p2p.P2PTask;
import io.llmaz.cli.demo.DemoResult.NodeBytes;
import io.llmaz.cli.demo.DemoResult.ScaleOut;
import io.llmaz.cli.demo.DemoResult.SourceBytes;
import io.llmaz.cli.demo.DemoResult.WithoutP2P;
import io.llmaz.local.engine.traffic.Traffic;
import io.llmaz.local.hub.HubLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Gathers what a run measured, and holds it against what is promised. */
final class DemoMeasures {
  /** What rounding and small manifests may cost beyond each byte once. */
  private static final double MOST_AMPLIFICATION = 1.01;

  private final DemoOptions options;
  private final List<Claim> claims = new ArrayList<>();
  private List<NodeTraffic> nodes = List.of();
  private SourceBytes source = new SourceBytes(0, 0, 0, 0);
  private int ready;
  private double seconds;
  private int verified;
  private @Nullable ScaleOut scaleOut;
  private @Nullable WithoutP2P withoutP2P;

  /** What a node's daemon moved. */
  record NodeTraffic(String name, Traffic traffic) {}

  DemoMeasures(DemoOptions options) {
    this.options = options;
  }

  void first(double tookSeconds, List<Replicas.Answer> answers, LoaderLogs.Sums loaders) {
    seconds = tookSeconds;
    ready = answers.size();
    verified = loaders.verified();
    claim(
        "every replica answers",
        ready == options.replicas(),
        ready + " of " + options.replicas() + " after " + text("%.1f s", seconds));
    answersClaim("answers are equal and meaningful", answers);
    claim(
        "every published file matched its digest",
        verified > 0 && verified % options.replicas() == 0,
        verified + " files on " + options.replicas() + " replicas");
    if (options.killEngine()) {
      claim(
          "without the engine loaders go to the source directly",
          loaders.direct() > 0,
          ByteText.of(loaders.direct()) + " came from the gateway or the hub");
    } else {
      claim(
          "loaders get every byte from their node's daemon",
          loaders.direct() == 0 && loaders.fromDaemon() > 0,
          ByteText.of(loaders.fromDaemon())
              + " from daemons, "
              + ByteText.of(loaders.direct())
              + " directly");
    }
  }

  void tasks(List<P2PTask> tasks) {
    boolean fellBack = DemoStory.fellBack(tasks);
    if (options.killEngine()) {
      claim("the conditions say so", fellBack, "a P2PTask is Ready by FallbackToSource");
    }
  }

  void scaleOut(
      int replicas,
      double tookSeconds,
      long sourceBytes,
      List<Replicas.Answer> answers,
      LoaderLogs.Sums loaders) {
    scaleOut = new ScaleOut(replicas, tookSeconds, sourceBytes);
    verified = loaders.verified();
    claim(
        "scaling out on fresh nodes costs the source nothing",
        sourceBytes == 0,
        ByteText.of(sourceBytes)
            + ", "
            + text("%.1f s", tookSeconds)
            + ", "
            + answers.size()
            + " answered");
    answersClaim("all replicas answer the same after it", answers);
  }

  void nodes(List<NodeTraffic> all) {
    nodes = all;
    if (options.corruptPeer()) {
      long corrupted = all.stream().mapToLong(n -> n.traffic().corruptedPieces()).sum();
      claim(
          "spoilt bytes are noticed and never published",
          corrupted > 0,
          corrupted + " pieces failed their check and were fetched again");
    }
  }

  void source(HubLog log) {
    HubLog.Totals totals = log.totals();
    double amplification =
        totals.uniqueBytes() == 0 ? 0 : (double) totals.bytes() / totals.uniqueBytes();
    source =
        new SourceBytes(
            totals.bytes(),
            totals.uniqueBytes(),
            totals.requests(),
            Math.round(amplification * 1000) / 1000.0);
    if (!options.killEngine()) {
      claim(
          "every byte leaves its source once",
          amplification <= MOST_AMPLIFICATION,
          text("%.3f x of ", amplification) + ByteText.of(totals.uniqueBytes()));
    }
  }

  void secrets(List<String> found) {
    claim(
        "tokens seen outside the gateway: 0",
        found.isEmpty(),
        found.isEmpty() ? "none in requests, objects, files, processes" : String.join("; ", found));
  }

  void withoutP2P(double tookSeconds, long sourceBytes) {
    withoutP2P = new WithoutP2P(tookSeconds, sourceBytes);
    // Bytes, not seconds: how fast it is depends on what else the machine does; it is shown, not
    // claimed.
    claim(
        "the source gives less than without P2P",
        source.bytes() < sourceBytes,
        ByteText.of(source.bytes()) + " for all replicas, against " + ByteText.of(sourceBytes));
  }

  DemoResult result() {
    return new DemoResult(
        options.replicas(),
        ready,
        seconds,
        nodes.stream()
            .map(n ->
                new NodeBytes(
                    n.name(), n.traffic().bytesFromSource(), n.traffic().bytesFromPeers()))
            .toList(),
        source,
        verified,
        scaleOut,
        withoutP2P,
        withoutP2P == null ? null : Math.round(withoutP2P.seconds() / seconds * 100) / 100.0,
        claims);
  }

  private void answersClaim(String name, List<Replicas.Answer> answers) {
    boolean equal =
        answers.stream().allMatch(a -> Arrays.equals(a.first(), answers.getFirst().first()));
    boolean meaningful = answers.stream().allMatch(a -> a.near() > a.far() + 0.2);
    claim(
        name,
        !answers.isEmpty() && equal && meaningful,
        answers.isEmpty()
            ? "nobody answered"
            : text("related %.2f, ", answers.getFirst().near())
                + text("unrelated %.2f", answers.getFirst().far()));
  }

  private void claim(String name, boolean holds, String detail) {
    claims.add(new Claim(name, holds, detail));
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
