package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Serves what CRDs describe. A CRD that is written is served when the write is answered, and says
 * so in its conditions, which is sooner than on a real server and never later.
 */
final class CustomKinds {
  private final ResourceTypes types;
  private final InstantSource clock;

  CustomKinds(ResourceTypes types, InstantSource clock) {
    this.types = types;
    this.clock = clock;
  }

  void beforeWrite(ResourceType type, ObjectNode object) {
    if (type != ResourceTypes.CRDS || !object.path("spec").has("versions")) {
      return;
    }
    String expected =
        object.path("spec").path("names").path("plural").asText()
            + "."
            + object.path("spec").path("group").asText();
    if (!Meta.name(object).equals(expected)) {
      throw ApiException.invalid(
          type,
          Meta.name(object),
          List.of(
              new ApiException.Cause(
                  "FieldValueInvalid",
                  "metadata.name",
                  "Invalid value: must be spec.names.plural+\".\"+spec.group")));
    }
    types.addCrd(object);
    ObjectNode status = object.putObject("status");
    status.set("acceptedNames", object.path("spec").path("names").deepCopy());
    status.putArray("storedVersions").add(types.named(expected).orElseThrow().version());
    ArrayNode conditions = status.putArray("conditions");
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    for (String condition : new String[] {"NamesAccepted", "Established"}) {
      conditions
          .addObject()
          .put("type", condition)
          .put("status", "True")
          .put("reason", "Embedded")
          .put("message", "")
          .put("lastTransitionTime", now);
    }
  }
}
