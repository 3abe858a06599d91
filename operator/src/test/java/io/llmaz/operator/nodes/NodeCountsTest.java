package io.llmaz.operator.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.api.p2p.P2PTaskStatus.NodeCount;
import org.junit.jupiter.api.Test;

final class NodeCountsTest {
  private static final NodeCount BEFORE = new NodeCount(5, 5);

  @Test
  void status_notSettledAfterARestart_staysWhatItWas() {
    assertThat(new NodeCounts(5, 1, 0, false).status(BEFORE)).isEqualTo(BEFORE);
  }

  @Test
  void status_settled_isWhatWasSeen() {
    assertThat(new NodeCounts(5, 4, 1, true).status(BEFORE)).isEqualTo(new NodeCount(5, 4));
  }

  @Test
  void status_nodesNotKnownYet_isNone() {
    assertThat(new NodeCounts(0, 0, 0, false).status(null)).isNull();
  }

  @Test
  void status_ofANewTask_isShownFromTheFirst() {
    assertThat(new NodeCounts(5, 0, 0, false).status(null)).isEqualTo(new NodeCount(5, 0));
  }
}
