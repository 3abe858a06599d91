package io.llmaz.api.inference;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import io.llmaz.api.Groups;

/**
 * The inference Service ({@code services.inference.llmaz.io}, kind {@code Service}): a workload
 * with its models. Named apart from the core Service.
 */
@Group(Groups.INFERENCE)
@Version(Groups.VERSION)
@Kind("Service")
@Plural("services")
@ShortNames("isvc")
public final class InferenceService
    extends CustomResource<InferenceServiceSpec, InferenceServiceStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;
}
