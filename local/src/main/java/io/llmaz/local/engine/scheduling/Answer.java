package io.llmaz.local.engine.scheduling;

import io.grpc.Status;
import io.llmaz.dragonfly.api.common.Peer;
import java.util.List;

/** What the scheduler says in a peer's conversation. */
public sealed interface Answer {
  /** The file has no bytes. */
  record Empty() implements Answer {}

  /** Fetch from these peers. */
  record Parents(List<Peer> peers) implements Answer {
    public Parents {
      peers = List.copyOf(peers);
    }
  }

  /** Read from the source what is missing. */
  record BackToSource(String why) implements Answer {}

  /** The scheduler has noted what this peer has. */
  record Noted() implements Answer {}

  /** The conversation is over; with {@link Status#OK} in good order. */
  record Ended(Status status) implements Answer {}
}
