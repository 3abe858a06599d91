package io.llmaz.api.inference;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import io.llmaz.api.Groups;

/** How an inference server is run, cluster-scoped ({@code backendruntimes.inference.llmaz.io}). */
@Group(Groups.INFERENCE)
@Version(Groups.VERSION)
@Plural("backendruntimes")
@ShortNames("br")
public final class BackendRuntime extends CustomResource<BackendRuntimeSpec, BackendRuntimeStatus> {
  private static final long serialVersionUID = 1L;
}
