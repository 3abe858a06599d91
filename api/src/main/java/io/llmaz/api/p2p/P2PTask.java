package io.llmaz.api.p2p;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import io.llmaz.api.Groups;

/** Bytes to bring into the cluster once, cluster-scoped ({@code p2ptasks.llmaz.io}). */
@Group(Groups.LLMAZ)
@Version(Groups.VERSION)
@Plural("p2ptasks")
@ShortNames("p2p")
public final class P2PTask extends CustomResource<P2PTaskSpec, P2PTaskStatus> {
  private static final long serialVersionUID = 1L;
}
