package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A node's events about one pod. The same event twice is told once. */
final class PodEvents {
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final Consumer<Event> sink;
  private final Pod pod;
  private final String node;
  private final InstantSource clock;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  PodEvents(Consumer<Event> sink, Pod pod, String node, InstantSource clock) {
    this.sink = sink;
    this.pod = pod;
    this.node = node;
    this.clock = clock;
  }

  void normal(String reason, String note) {
    tell("Normal", reason, note);
  }

  void warning(String reason, String note) {
    tell("Warning", reason, note);
  }

  private void tell(String type, String reason, String note) {
    if (!told.add(reason + note)) {
      return;
    }
    ObjectReference regarding =
        new ObjectReferenceBuilder()
            .withApiVersion("v1")
            .withKind("Pod")
            .withNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .withUid(pod.getMetadata().getUid())
            .build();
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(pod.getMetadata().getNamespace())
            .withName(
                pod.getMetadata().getName()
                    + "."
                    + Long.toHexString(clock.millis() << 20 | told.size()))
            .endMetadata()
            .withType(type)
            .withReason(reason)
            .withNote(note)
            .withAction(reason)
            .withRegarding(regarding)
            .withReportingController("llmaz.io/local-node")
            .withReportingInstance(node)
            .withEventTime(new MicroTime(MICRO_TIME.format(clock.instant())))
            .build();
    sink.accept(event);
  }
}
