package io.llmaz.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 25);

  @TempDir Path folder;

  @Test
  void add_sameBenchmarkAgain_replacesItAndKeepsOthers() throws Exception {
    write(Bar.atMost("ratio", 3, 2));
    Report fragment = Report.in(folder);
    fragment.add(
        new ObjectMapper()
            .readTree(
                """
                {"benchmark": "script", "title": "t", "command": "c", "lines": ["said"],
                 "bars": [{"name": "b", "value": 1, "bar": 1, "atLeast": true, "holds": true}]}\
                """),
        TODAY);
    fragment.write();

    write(Bar.atMost("ratio", 1.5, 2));

    assertThat(
            new ObjectMapper()
                .readTree(Files.readString(folder.resolve("benchmarks.json")))
                .at("/bars"))
        .hasSize(2)
        .anySatisfy(bar -> assertThat(bar.toString()).contains("\"value\":1.5", "\"holds\":true"));
    assertThat(folder.resolve("benchmarks.md"))
        .content()
        .contains("| ratio | 1.50 | ≤ 2 | yes |", "said");
  }

  @Test
  void write_aBarThatDoesNotHold_standsOut() throws Exception {
    write(Bar.atLeast("rate / rate of cp", 0.3, 0.4));

    assertThat(folder.resolve("benchmarks.md"))
        .content()
        .contains("| rate / rate of cp | 0.30 | ≥ 0.40 | **no** |");
  }

  private void write(Bar bar) throws Exception {
    Report report = Report.in(folder);
    report.add(new DemoBenchmark(), new Figures(List.of("line"), List.of(bar)), TODAY);
    report.write();
  }
}
