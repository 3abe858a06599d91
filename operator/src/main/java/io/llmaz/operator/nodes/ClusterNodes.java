package io.llmaz.operator.nodes;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster's nodes. Safe for many threads. */
interface ClusterNodes {
  /** Another number after each change that matters here. */
  long version();

  /** Nodes with all these labels, every node for none; empty while it is not known. */
  Optional<List<NodeTarget>> chosen(Map<String, String> labels);
}
