package io.llmaz.cli.dfget;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.llmaz.dragonfly.DistributionEngine.Progress;
import java.io.PrintWriter;
import java.util.function.Consumer;

/**
 * A line each five percent. For one thread at a time; those of several files may share where they
 * write to.
 */
final class ProgressLines implements Consumer<Progress> {
  private static final int STEP_PERCENT = 5;

  private final DfgetOptions.Progress form;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Secrets secrets;
  private final String file;
  private long next;

  /** In a form; JSON goes to {@code out}, text to {@code err}. */
  ProgressLines(DfgetOptions.Progress form, PrintWriter out, PrintWriter err, Secrets secrets) {
    this(form, out, err, secrets, "");
  }

  private ProgressLines(
      DfgetOptions.Progress form, PrintWriter out, PrintWriter err, Secrets secrets, String file) {
    this.form = form;
    this.out = out;
    this.err = err;
    this.secrets = secrets;
    this.file = file;
  }

  /** Those of a file, which they name. */
  ProgressLines of(String name) {
    return new ProgressLines(form, out, err, secrets, name);
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

  /** How many files of a folder come. */
  void listed(int files) {
    switch (form) {
      case JSON -> print(node("listed").put("files", files));
      case TEXT -> err.println("dfget: " + files + " files in the folder");
      case NONE -> {
        // Nothing to say.
      }
    }
  }

  void retry(int attempt, String reason) {
    next = 0;
    String why = secrets.hiddenIn(reason);
    switch (form) {
      case JSON -> print(node("retry").put("attempt", attempt).put("why", why));
      case TEXT -> err.println(prefix() + "attempt " + attempt + " failed: " + why);
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
          err.println(
              "%s%s %d of %d bytes"
                  .formatted(
                      prefix(), event, progress.completedLength(), progress.contentLength()));
      case NONE -> {
        // Nothing to say.
      }
    }
  }

  private String prefix() {
    return file.isEmpty() ? "dfget: " : "dfget: " + file + ": ";
  }

  private ObjectNode node(String event) {
    ObjectNode node = new ObjectMapper().createObjectNode().put("event", event);
    return file.isEmpty() ? node : node.put("file", file);
  }

  private void print(ObjectNode node) {
    out.println(node);
    out.flush();
  }
}
