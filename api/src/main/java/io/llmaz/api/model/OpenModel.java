package io.llmaz.api.model;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import io.llmaz.api.Groups;

/** A model, cluster-scoped ({@code openmodels.llmaz.io}). */
@Group(Groups.LLMAZ)
@Version(Groups.VERSION)
@Plural("openmodels")
@ShortNames("om")
public final class OpenModel extends CustomResource<OpenModelSpec, OpenModelStatus> {
  private static final long serialVersionUID = 1L;
}
