package io.llmaz.operator.event;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells users what happened, as events of {@code events.k8s.io/v1}. One thing is told once: an
 * event's name comes from its object, reason and note, so a second telling, also after a restart,
 * finds the first. Events are a courtesy: a failure to write one is logged and nothing else.
 *
 * <p>Safe for use by many threads.
 */
public final class EventRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final int LONGEST_NOTE = 1024;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final String instance;
  private final Cache<String, Boolean> told =
      Caffeine.newBuilder().maximumSize(4096).expireAfterWrite(Duration.ofHours(1)).build();

  /**
   * @param instance which of several operators this is
   */
  public EventRecorder(KubernetesClient client, InstantSource clock, String instance) {
    this.client = client;
    this.clock = clock;
    this.instance = instance;
  }

  /** Something went as it should. */
  public void normal(HasMetadata about, String reason, String note) {
    record(about, "Normal", reason, note);
  }

  /** Something that a user may want to look at. */
  public void warning(HasMetadata about, String reason, String note) {
    record(about, "Warning", reason, note);
  }

  /**
   * A condition became what it was not: told each time, also when it was so once before. The
   * version of the object tells the times apart, and is the same after a restart.
   */
  public void transition(HasMetadata about, boolean good, String reason, String note) {
    record(
        about,
        good ? "Normal" : "Warning",
        reason,
        note,
        String.valueOf(about.getMetadata().getResourceVersion()));
  }

  private void record(HasMetadata about, String type, String reason, String note) {
    record(about, type, reason, note, "");
  }

  private void record(HasMetadata about, String type, String reason, String note, String time) {
    Event event = event(about, type, reason, note, time);
    String name = event.getMetadata().getName();
    if (told.asMap().putIfAbsent(name, true) != null) {
      return;
    }
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        told.invalidate(name);
        LOG.warn("{} {}: event {} not written", about.getKind(), id(about), reason, e);
      }
    }
  }

  private Event event(HasMetadata about, String type, String reason, String note, String time) {
    ObjectMeta meta = about.getMetadata();
    String text = note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE);
    String identity = meta.getUid() + "\n" + type + "\n" + reason + "\n" + text + time;
    return new EventBuilder()
        .withNewMetadata()
        // Events about cluster-scoped objects live in the namespace default.
        .withNamespace(Objects.requireNonNullElse(meta.getNamespace(), "default"))
        .withName(
            meta.getName()
                + "."
                + UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8))
                    .toString()
                    .substring(0, 18))
        .endMetadata()
        .withType(type)
        .withReason(reason)
        .withAction("Reconcile")
        .withNote(text)
        .withReportingController("llmaz.io/operator")
        .withReportingInstance(instance)
        .withEventTime(new MicroTime(MICROS.format(clock.instant())))
        .withNewRegarding()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(meta.getNamespace())
        .withName(meta.getName())
        .withUid(meta.getUid())
        .withResourceVersion(meta.getResourceVersion())
        .endRegarding()
        .build();
  }

  private static String id(HasMetadata object) {
    String namespace = object.getMetadata().getNamespace();
    String name = object.getMetadata().getName();
    return namespace == null ? name : namespace + "/" + name;
  }
}
