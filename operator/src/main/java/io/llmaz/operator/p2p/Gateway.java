package io.llmaz.operator.p2p;

import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.source.Manifest;
import java.net.URI;
import java.util.Map;

/** What the operator asks of the gateway; see DESIGN.md. Every method throws SourceException. */
interface Gateway {
  /** Which files a task's source has now. */
  Manifest resolve(P2PTaskSpec spec);

  /** Where a seed reads each file, by path; the task's manifest must be stored before. */
  Map<String, URI> links(String task);

  /** Bytes that the gateway read from the source for a task. */
  long originBytes(String task);
}
