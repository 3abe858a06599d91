package io.llmaz.api.inference;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import io.llmaz.api.Groups;

/**
 * What most users write: a model, and optionally how it is served ({@code
 * playgrounds.inference.llmaz.io}).
 */
@Group(Groups.INFERENCE)
@Version(Groups.VERSION)
@Plural("playgrounds")
@ShortNames("pl")
public final class Playground extends CustomResource<PlaygroundSpec, PlaygroundStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;
}
