package io.llmaz.gateway;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.llmaz.api.p2p.P2PTask;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports as events ({@code events.k8s.io/v1}) of the P2PTask. */
final class KubernetesReports implements Reports {
  private static final Logger log = LoggerFactory.getLogger(KubernetesReports.class);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final InstantSource clock;

  KubernetesReports(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public void record(GatewayTask task, Report report) {
    try {
      P2PTask about = client.resources(P2PTask.class).withName(task.name()).get();
      if (about == null) {
        return; // Removed meanwhile.
      }
      client
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  // Events about cluster-scoped objects live in the namespace default.
                  .withNamespace("default")
                  .withGenerateName(task.name() + "-")
                  .endMetadata()
                  .withType(report.warning() ? "Warning" : "Normal")
                  .withReason(report.reason())
                  .withAction("Load")
                  .withNote(report.message())
                  .withReportingController("llmaz.io/model-loader")
                  .withReportingInstance(report.instance())
                  .withEventTime(new MicroTime(MICROS.format(clock.instant())))
                  .withNewRegarding()
                  .withApiVersion(about.getApiVersion())
                  .withKind(about.getKind())
                  .withName(about.getMetadata().getName())
                  .withUid(about.getMetadata().getUid())
                  .endRegarding()
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      log.warn("P2PTask {}: report {} not written", task.name(), report.reason(), e);
    }
  }
}
