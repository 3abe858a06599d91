package io.llmaz.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

final class ApiRequestsTest {
  private static final String BEFORE =
      """
      # TYPE apiserver_request_total counter
      apiserver_request_total{code="201",dry_run="",group="apps",resource="deployments",subresource="",verb="APPLY",version="v1"} 2
      """;
  private static final String AFTER =
      """
      apiserver_request_total{code="201",dry_run="",group="apps",resource="deployments",subresource="",verb="APPLY",version="v1"} 5
      apiserver_request_total{code="200",dry_run="",group="apps",resource="deployments",subresource="",verb="APPLY",version="v1"} 1
      apiserver_request_total{code="200",dry_run="",group="apps",resource="deployments",subresource="status",verb="PATCH",version="v1"} 1e+02
      apiserver_request_total{code="200",dry_run="",group="",resource="services",subresource="",verb="GET",version="v1"} 7
      apiserver_request_total{code="200",dry_run="",group="coordination.k8s.io",resource="leases",subresource="",verb="PUT",version="v1"} 90
      apiserver_request_duration_seconds_count{group="apps",resource="deployments",verb="APPLY"} 900
      """;

  @Test
  void since_twoScrapes_countsWhatWasAddedOfTheOperatorsKinds() {
    ApiRequests added = ApiRequests.parse(AFTER, 30).since(ApiRequests.parse(BEFORE, 10));

    assertThat(added.byRequest())
        .containsOnly(
            entry("APPLY deployments.apps", 4L),
            entry("PATCH deployments.apps/status", 100L),
            entry("GET services", 7L));
    assertThat(added.writes()).isEqualTo(4 + 100 - 20);
    assertThat(added.statusWrites()).isEqualTo(100);
    assertThat(added.reads()).isEqualTo(7);
  }
}
