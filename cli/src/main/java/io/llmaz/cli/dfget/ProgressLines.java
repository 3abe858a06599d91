package io.llmaz.cli.dfget;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** A line each five percent. For one thread at a time. */
final class ProgressLines implements Consumer<Progress> {
  private static final int STEP_PERCENT = 5;

  private final DfgetOptions.Progress form;
  private final PrintWriter out;
  private final PrintWriter err;
  private long next;

  /** In a form; JSON goes to {@code out}, text to {@code err}. */
  ProgressLines(DfgetOptions.Progress form, PrintWriter out, PrintWriter err) {
    this.form = form;
    this.out = out;
    this.err = err;
  }

  @Override
  public void accept(Progress progress) {
    long percent =
        progress.contentLength() == 0
            ? 100
            : progress.completedLength() * 100 / progress.contentLength();
    if (percent >= next && !progress.complete()) {
      next = percent - percent % STEP_PERCENT + STEP_PERCENT;
      line("progress", progress);
    }
  }

  void done(Progress progress) {
    line("done", progress);
  }

  void retry(int attempt, String why) {
    next = 0;
    switch (form) {
      case JSON -> print(node("retry").put("attempt", attempt).put("why", why));
      case TEXT -> err.println("dfget: attempt " + attempt + " failed: " + why);
      case NONE -> {
        // Only the last failure is told.
      }
    }
  }

  private void line(String event, Progress progress) {
    switch (form) {
      case JSON ->
          print(
              node(event)
                  .put("taskId", progress.taskId())
                  .put("bytes", progress.completedLength())
                  .put("total", progress.contentLength())
                  .put("fromSource", progress.lengthFromSource()));
      case TEXT ->
          err.printf(
              "dfget: %s %d of %d bytes%n",
              event, progress.completedLength(), progress.contentLength());
      case NONE -> {
        // Nothing to say.
      }
    }
  }

  private static ObjectNode node(String event) {
    return new ObjectMapper().createObjectNode().put("event", event);
  }

  private void print(ObjectNode node) {
    out.println(node);
    out.flush();
  }
}
