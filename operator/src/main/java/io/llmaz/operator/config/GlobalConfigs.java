package io.llmaz.operator.config;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.llmaz.operator.event.EventRecorder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link GlobalConfig} of now. One informer watches the ConfigMap; each reconcile reads {@link
 * #current()}, and controllers that add {@link #changes} reconcile all their objects when it
 * changes. A ConfigMap that cannot be read leaves the last good one in force and says so; a deleted
 * one brings the defaults back.
 *
 * <p>Safe for use by many threads; listeners run on the informer's thread and must not block.
 */
public final class GlobalConfigs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GlobalConfigs.class);

  private final SharedIndexInformer<ConfigMap> informer;
  private final EventRecorder events;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile GlobalConfig current = GlobalConfig.DEFAULT;

  /**
   * Starts to watch, and has read what is there when it returns.
   *
   * @param namespace the operator's
   */
  public GlobalConfigs(KubernetesClient client, String namespace, EventRecorder events) {
    this.events = events;
    this.informer =
        client
            .configMaps()
            .inNamespace(namespace)
            .withName(GlobalConfig.CONFIG_MAP)
            .inform(new Handler());
    informer.getStore().list().forEach(this::take);
  }

  /** What holds now. */
  public GlobalConfig current() {
    return current;
  }

  /** Runs after each change of {@link #current()}. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * An event source that reconciles every object of a controller when the configuration changes.
   */
  public <P extends HasMetadata> EventSource<Void, P> changes(EventSourceContext<P> context) {
    SimpleInboundEventSource<P> source = new SimpleInboundEventSource<>("global-config");
    onChange(() -> {
      if (source.isRunning()) {
        context
            .getPrimaryCache()
            .list()
            .map(ResourceID::fromResource)
            .forEach(source::propagateEvent);
      }
    });
    return source;
  }

  @Override
  public void close() {
    informer.close();
  }

  private synchronized void take(@Nullable ConfigMap map) {
    GlobalConfig next;
    try {
      String text =
          map == null || map.getData() == null ? null : map.getData().get(GlobalConfig.KEY);
      next = text == null ? GlobalConfig.DEFAULT : GlobalConfig.parse(text);
    } catch (IllegalArgumentException e) {
      String message =
          "%s: %s; the last good configuration stays".formatted(GlobalConfig.KEY, e.getMessage());
      LOG.warn("ConfigMap {}: {}", GlobalConfig.CONFIG_MAP, message);
      if (map != null) {
        events.warning(map, "InvalidConfiguration", message);
      }
      return;
    }
    if (!next.equals(current)) {
      current = next;
      LOG.info("ConfigMap {}: in force: {}", GlobalConfig.CONFIG_MAP, next);
      listeners.forEach(Runnable::run);
    }
  }

  private final class Handler implements ResourceEventHandler<ConfigMap> {
    @Override
    public void onAdd(ConfigMap map) {
      take(map);
    }

    @Override
    public void onUpdate(ConfigMap before, ConfigMap map) {
      take(map);
    }

    @Override
    public void onDelete(ConfigMap map, boolean unknown) {
      take(null);
    }
  }
}
