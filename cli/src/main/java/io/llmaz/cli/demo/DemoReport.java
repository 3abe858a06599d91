package io.llmaz.cli.demo;

import java.io.PrintStream;
import java.util.Locale;

/** Tells a {@link DemoResult} to people: one table of bytes, a few figures, the claims. */
final class DemoReport {
  private DemoReport() {}

  static void print(DemoResult result, PrintStream out) {
    out.println();
    out.printf(Locale.ROOT, "%-12s %14s %14s%n", "NODE", "FROM SOURCE", "FROM PEERS");
    for (DemoResult.NodeBytes node : result.nodes()) {
      out.printf(
          Locale.ROOT,
          "%-12s %14s %14s%n",
          node.name(),
          ByteText.of(node.bytesFromSource()),
          ByteText.of(node.bytesFromPeers()));
    }
    out.println();
    DemoResult.SourceBytes source = result.source();
    figure(
        out,
        "bytes that left the source",
        "%s of %s unique (%.2f x), in %d requests"
            .formatted(
                ByteText.of(source.bytes()),
                ByteText.of(source.uniqueBytes()),
                source.amplification(),
                source.requests()));
    figure(
        out,
        "replicas that answered",
        "%d of %d after %.1f s".formatted(result.ready(), result.replicas(), result.seconds()));
    figure(out, "digests verified", Integer.toString(result.verified()));
    DemoResult.ScaleOut scaleOut = result.scaleOut();
    if (scaleOut != null) {
      figure(
          out,
          "scaled out",
          "to %d replicas in %.1f s, %s from the source"
              .formatted(
                  scaleOut.replicas(), scaleOut.seconds(), ByteText.of(scaleOut.sourceBytes())));
    }
    DemoResult.WithoutP2P baseline = result.withoutP2P();
    if (baseline != null) {
      figure(
          out,
          "the same without P2P",
          "%.1f s, %s from the source (P2P is %.1f x as fast)"
              .formatted(
                  baseline.seconds(),
                  ByteText.of(baseline.sourceBytes()),
                  baseline.seconds() / result.seconds()));
    }
    out.println();
    for (Claim claim : result.claims()) {
      out.printf("%s  %s: %s%n", claim.holds() ? "holds " : "BROKEN", claim.name(), claim.detail());
    }
  }

  private static void figure(PrintStream out, String name, String value) {
    out.printf("%-28s %s%n", name, value);
  }
}
