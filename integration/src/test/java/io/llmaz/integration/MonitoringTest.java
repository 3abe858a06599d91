package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The chart's dashboard and alerts ask for nothing that the programs do not export: they use what
 * docs/metrics.md names, and each program's tests compare its export with that document.
 */
final class MonitoringTest {
  @Test
  void queries_ofDashboardAndAlerts_askForDocumentedMetricsOnly() throws Exception {
    Set<String> known = new HashSet<>();
    for (String section : new String[] {"Gateway", "Operator", "Scheduler"}) {
      known.addAll(Metrics.documented(section));
    }
    known.add("up"); // Prometheus' own.

    assertThat(Metrics.queries())
        .hasSizeGreaterThan(30)
        .allSatisfy(query ->
            assertThat(Metrics.of(query))
                .isNotEmpty()
                .allSatisfy(metric ->
                    assertThat(known)
                        .contains(metric.replaceFirst("_seconds_(sum|count)$", "_seconds"))));
  }

  @Test
  void of_aQuery_givesMetricsAlone() {
    assertThat(
            Metrics.of(
                "sum by (a) (rate(x_total{b=\"c y\"}[5m])) / on (a) max(z) > 1.5 or absent(up{j=\"k\"} == 1)"))
        .containsExactly("up", "x_total", "z");
  }

  @Test
  void dashboard_everyPanel_hasAPlaceOfItsOwn() throws Exception {
    Set<String> places = new HashSet<>();
    JsonNode panels =
        new ObjectMapper().readTree(Files.readString(Metrics.DASHBOARD)).path("panels");

    assertThat(panels)
        .hasSizeGreaterThan(15)
        .allSatisfy(panel -> {
          JsonNode place = panel.path("gridPos");
          assertThat(places.add(place.path("x") + " " + place.path("y"))).isTrue();
          assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(24);
        });
  }

  @Test
  void alerts_each_sayHowBadItIsAndWhatToDo() throws Exception {
    JsonNode alerts = new YAMLMapper().readTree(Files.readString(Metrics.ALERTS));

    assertThat(alerts.at("/groups/0/rules"))
        .hasSizeGreaterThan(5)
        .allSatisfy(rule -> {
          assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
          assertThat(rule.at("/annotations/summary").asText()).isNotEmpty();
          assertThat(rule.at("/annotations/description").asText()).isNotEmpty();
        });
  }
}
