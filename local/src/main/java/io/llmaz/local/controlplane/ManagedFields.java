package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who owns which fields: an object's {@code metadata.managedFields}, as a value. */
final class ManagedFields {
  private final Map<Owner, FieldSet> owners = new LinkedHashMap<>();
  private final Map<Owner, String> times = new LinkedHashMap<>();

  /** A manager in one of its ways; an applying manager and an updating one are two owners. */
  record Owner(String manager, String operation, String subresource) {
    static Owner applying(String manager, String subresource) {
      return new Owner(manager, "Apply", subresource);
    }

    static Owner updating(String manager, String subresource) {
      return new Owner(manager, "Update", subresource);
    }

    /** As a refusal names it. */
    String describe(String apiVersion) {
      return '"'
          + manager
          + '"'
          + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"")
          + (operation.equals("Update") ? " using " + apiVersion : "");
    }
  }

  static ManagedFields of(ObjectNode object) {
    ManagedFields fields = new ManagedFields();
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      Owner owner =
          new Owner(
              entry.path("manager").asText(),
              entry.path("operation").asText(),
              entry.path("subresource").asText(""));
      fields.owners.put(owner, FieldSet.parse(entry.path("fieldsV1")));
      fields.times.put(owner, entry.path("time").asText());
    }
    return fields;
  }

  Map<Owner, FieldSet> owners() {
    return owners;
  }

  FieldSet of(Owner owner) {
    return owners.getOrDefault(owner, new FieldSet());
  }

  void set(Owner owner, FieldSet fields, Instant now) {
    if (fields.equals(of(owner))) {
      return;
    }
    if (fields.isEmpty()) {
      owners.remove(owner);
    } else {
      owners.put(owner, fields);
      times.put(owner, now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
  }

  /** What others than this owner have of some fields. */
  Map<Owner, FieldSet> owned(FieldSet fields, Owner but) {
    Map<Owner, FieldSet> owned = new LinkedHashMap<>();
    owners.forEach((owner, has) -> {
      FieldSet common = has.and(fields);
      if (!owner.equals(but) && !common.isEmpty()) {
        owned.put(owner, common);
      }
    });
    return owned;
  }

  /** Takes what changed and what is gone away from everybody but one. */
  void takeFromOthers(Owner keeper, Comparison comparison) {
    FieldSet taken = comparison.changed().plus(comparison.removed());
    owners.replaceAll((owner, has) -> owner.equals(keeper) ? has : has.minus(taken));
    owners.values().removeIf(FieldSet::isEmpty);
  }

  void writeTo(ObjectNode object) {
    ObjectNode metadata = Meta.of(object);
    metadata.remove("managedFields");
    if (owners.isEmpty()) {
      return;
    }
    ArrayNode list = metadata.putArray("managedFields");
    String apiVersion = object.path("apiVersion").asText();
    owners.forEach((owner, fields) -> {
      ObjectNode entry = list.addObject();
      entry
          .put("manager", owner.manager())
          .put("operation", owner.operation())
          .put("apiVersion", apiVersion);
      // As on a real server, the scale subresource notes no time.
      if (!owner.subresource().equals("scale")) {
        entry.put("time", times.getOrDefault(owner, ""));
      }
      entry.put("fieldsType", "FieldsV1");
      entry.set("fieldsV1", fields.json());
      if (!owner.subresource().isEmpty()) {
        entry.put("subresource", owner.subresource());
      }
    });
  }
}
