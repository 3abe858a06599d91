package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What has to hold of the live object and of the address before a change is looked at. */
final class Preconditions {
  private Preconditions() {}

  /** A version in an applied object is a condition. */
  static void version(ResourceType type, String name, ObjectNode wanted, ObjectNode live) {
    String version = Meta.text(wanted, "resourceVersion");
    if (!version.isEmpty() && !version.equals(Meta.text(live, "resourceVersion"))) {
      throw ApiException.conflict(type, name);
    }
  }

  /** An applied uid is a condition; as on a real server it is checked twice. */
  static void uid(ResourceType type, String name, ObjectNode wanted, ObjectNode live) {
    String uid = Meta.uid(wanted);
    if (!uid.isEmpty() && !uid.equals(Meta.uid(live))) {
      ApiException.Cause cause =
          new ApiException.Cause(
              "FieldValueInvalid",
              "metadata.uid",
              "Invalid value: \"" + uid + "\": field is immutable");
      throw ApiException.invalid(type, name, List.of(cause, cause));
    }
  }

  /** What an object says of its place must be what the address says. */
  static void same(String ofRequest, String ofObject, String what) {
    if (!ofObject.isEmpty() && !ofRequest.isEmpty() && !ofObject.equals(ofRequest)) {
      throw ApiException.badRequest(
          "the %s of the provided object does not match the %s sent on the request"
              .formatted(what, what));
    }
  }

  /** The conditions of a deletion. */
  static void deletion(ResourceType type, String name, JsonNode conditions, ObjectNode live) {
    String uid = conditions.path("uid").asText("");
    if (!uid.isEmpty() && !uid.equals(Meta.uid(live))) {
      throw ApiException.precondition(
          type,
          name,
          "the UID in the precondition (%s) does not match the UID in record (%s). The object might have been deleted and then recreated"
              .formatted(uid, Meta.uid(live)));
    }
    String version = conditions.path("resourceVersion").asText("");
    if (!version.isEmpty() && !version.equals(Meta.text(live, "resourceVersion"))) {
      throw ApiException.precondition(
          type,
          name,
          "the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s). The object might have been modified"
              .formatted(version, Meta.text(live, "resourceVersion")));
    }
  }

  /** What is being deleted takes no new finalizers; as on a real server it is checked twice. */
  static void finalizers(ResourceType type, ObjectNode live, ObjectNode next) {
    if (!Meta.deleting(live)) {
      return;
    }
    List<String> added = new ArrayList<>();
    next.path("metadata").path("finalizers").forEach(one -> added.add(one.asText()));
    live.path("metadata").path("finalizers").forEach(one -> added.remove(one.asText()));
    if (!added.isEmpty()) {
      ApiException.Cause cause =
          new ApiException.Cause(
              "FieldValueForbidden",
              "metadata.finalizers",
              "Forbidden: no new finalizers can be added if the object is being deleted, found new"
                  + " finalizers []string{\""
                  + String.join("\", \"", added)
                  + "\"}");
      throw ApiException.invalid(type, Meta.name(live), List.of(cause, cause));
    }
  }
}
