package io.llmaz.cli.dfget;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** A run of the command, with its exit code and what it printed. */
record DfgetRun(int exit, String out, String err) {
  static DfgetRun of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new DfgetCommand())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
    return new DfgetRun(exit, out.toString(), err.toString());
  }

  /** The lines of {@code --progress json} that tell of one kind of event. */
  List<JsonNode> events(String kind) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : out.lines().toList()) {
      JsonNode event = new ObjectMapper().readTree(line);
      if (event.path("event").asText().equals(kind)) {
        events.add(event);
      }
    }
    return events;
  }
}
