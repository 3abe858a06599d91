package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TaskTreeTest {
  private static final long MIB = 1 << 20;

  @Test
  void text_chainAndWaitingPeer_isDrawn() {
    TaskTree tree =
        new TaskTree(
            "t",
            64,
            List.of(
                peer("w", PeerState.WAITING, "", 0),
                new TaskTree.Peer(
                    "s", "seed-a (1)", true, PeerState.COMPLETE, Optional.empty(), 64, 0, 5 * MIB),
                peer("a", PeerState.FED, "s", 9),
                peer("c", PeerState.FED, "b", 3),
                peer("b", PeerState.FED, "a", 7),
                peer("d", PeerState.FED, "s", 1)));

    assertThat(tree.text())
        .isEqualTo(
            """
            task t, 64 pieces
            w waiting 0/64, received 0.0 MiB, sent 0.0 MiB
            seed-a (1) (seed) complete 64/64, received 0.0 MiB, sent 5.0 MiB
            ├─ a fed 9/64, received 0.0 MiB, sent 0.0 MiB
            │  └─ b fed 7/64, received 0.0 MiB, sent 0.0 MiB
            │     └─ c fed 3/64, received 0.0 MiB, sent 0.0 MiB
            └─ d fed 1/64, received 0.0 MiB, sent 0.0 MiB
            """);
  }

  @Test
  void json_chain_isNested() {
    TaskTree tree =
        new TaskTree(
            "t", 2, List.of(peer("a", PeerState.SOURCE, "", 2), peer("b", PeerState.FED, "a", 1)));

    assertThat(tree.json().at("/roots/0/state").asText()).isEqualTo("SOURCE");
    assertThat(tree.json().at("/roots/0/children/0/id").asText()).isEqualTo("b");
    assertThat(tree.json().at("/roots/0/children/0/children").isEmpty()).isTrue();
  }

  @Test
  void text_parentThatLeft_childIsStillDrawn() {
    assertThat(new TaskTree("t", 0, List.of(peer("a", PeerState.FED, "gone", 1))).text())
        .contains("\na fed 1/0");
  }

  private static TaskTree.Peer peer(String id, PeerState state, String parent, int pieces) {
    return new TaskTree.Peer(
        id, id, false, state, Optional.of(parent).filter(p -> !p.isEmpty()), pieces, 0, 0);
  }
}
