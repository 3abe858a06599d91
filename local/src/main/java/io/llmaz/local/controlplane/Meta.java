package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is read and written most of an object: its metadata. */
final class Meta {
  /** The finalizer of an owner whose objects are to outlive it. */
  static final String ORPHAN = "orphan";

  /** The finalizer of an owner whose objects are to go first. */
  static final String FOREGROUND = "foregroundDeletion";

  private Meta() {}

  static ObjectNode of(ObjectNode object) {
    return Json.child(object, "metadata");
  }

  static String text(JsonNode object, String field) {
    return object.path("metadata").path(field).asText("");
  }

  static String name(JsonNode object) {
    return text(object, "name");
  }

  static String namespace(JsonNode object) {
    return text(object, "namespace");
  }

  static String apiVersion(JsonNode object) {
    return object.path("apiVersion").asText();
  }

  static String uid(JsonNode object) {
    return text(object, "uid");
  }

  static long resourceVersion(JsonNode object) {
    String version = text(object, "resourceVersion");
    return version.isEmpty() ? 0 : Long.parseLong(version);
  }

  static long generation(JsonNode object) {
    return object.path("metadata").path("generation").asLong(1);
  }

  /** Removes empty maps and lists, which no server stores. */
  static void dropEmpty(ObjectNode object) {
    for (String field : new String[] {"labels", "annotations", "finalizers", "ownerReferences"}) {
      if (of(object).path(field).isContainerNode() && of(object).path(field).isEmpty()) {
        of(object).remove(field);
      }
    }
  }

  static boolean deleting(JsonNode object) {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  static boolean hasFinalizers(JsonNode object) {
    return !object.path("metadata").path("finalizers").isEmpty();
  }

  static boolean hasFinalizer(JsonNode object, String finalizer) {
    for (JsonNode one : object.path("metadata").path("finalizers")) {
      if (one.asText().equals(finalizer)) {
        return true;
      }
    }
    return false;
  }

  /** The same object without one of its finalizers. */
  static ObjectNode withoutFinalizer(ObjectNode object, String finalizer) {
    of(object).withArray("finalizers").removeIf(one -> one.asText().equals(finalizer));
    return object;
  }
}
