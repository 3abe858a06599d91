package io.llmaz.operator.store;

import com.github.benmanes.caffeine.cache.Interner;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.llmaz.api.Names;
import io.llmaz.api.inference.InferenceService;
import io.llmaz.api.inference.Playground;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An informer's objects without what nobody here reads, and with those parts kept once that are
 * equal in many. Managed fields are most of an object's size: of them only those stay that we
 * applied, and their trees say the same of all objects of a kind. Ten thousand Playgrounds fit into
 * a few hundred megabytes by that.
 *
 * <p>What is kept here must not be changed by whoever gets it.
 *
 * @param <R> the kind
 */
public final class SharingStore<R extends HasMetadata> extends BasicItemStore<R> {
  private static final Interner<Object> SHARED = Interner.newWeakInterner();

  /** An empty one, for one informer. */
  public SharingStore() {
    super(Cache::metaNamespaceKeyFunc);
  }

  @Override
  public @Nullable R put(String key, R object) {
    return super.put(key, slim(object));
  }

  /** The same object: what nobody reads is gone, and parts are replaced by equal ones in use. */
  public static <T extends HasMetadata> T slim(T object) {
    ObjectMeta metadata = object.getMetadata();
    metadata.setLabels(shared(metadata.getLabels()));
    metadata.setAnnotations(shared(metadata.getAnnotations()));
    metadata.setManagedFields(
        metadata.getManagedFields().stream()
            .filter(SharingStore::ours)
            .map(SharingStore::slim)
            .toList());
    switch (object) {
      case Deployment deployment -> {
        PodTemplateSpec template = deployment.getSpec().getTemplate();
        template.setSpec(shared(template.getSpec()));
      }
      case InferenceService service -> service.setSpec(shared(service.getSpec()));
      case Playground playground -> playground.setSpec(shared(playground.getSpec()));
      default -> {}
    }
    return object;
  }

  private static boolean ours(ManagedFieldsEntry entry) {
    return Names.FIELD_MANAGER.equals(entry.getManager())
        && "Apply".equals(entry.getOperation())
        && entry.getSubresource() == null;
  }

  private static ManagedFieldsEntry slim(ManagedFieldsEntry entry) {
    entry.setApiVersion(shared(entry.getApiVersion()));
    entry.setFieldsType(shared(entry.getFieldsType()));
    entry.setManager(shared(entry.getManager()));
    entry.setOperation(shared(entry.getOperation()));
    FieldsV1 fields = entry.getFieldsV1();
    if (fields != null) {
      Map<String, Object> root = new HashMap<>();
      // Metadata names the owner, which differs; what stands beside that does not.
      fields
          .getAdditionalProperties()
          .forEach((name, tree) ->
              root.put(name, name.equals("f:metadata") ? sharedParts(tree) : shared(tree)));
      fields.setAdditionalProperties(Map.copyOf(root));
    }
    return entry;
  }

  private static Object sharedParts(Object tree) {
    if (!(tree instanceof Map<?, ?> map)) {
      return tree;
    }
    Map<Object, Object> parts = new HashMap<>();
    map.forEach((name, part) -> parts.put(name, shared(part)));
    return Map.copyOf(parts);
  }

  @SuppressWarnings("unchecked") // An equal object of the same class: of Strings, Maps and records.
  private static <T extends @Nullable Object> T shared(T part) {
    return part == null ? part : (T) SHARED.intern(part);
  }
}
