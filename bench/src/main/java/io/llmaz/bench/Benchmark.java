package io.llmaz.bench;

import java.nio.file.Path;

/** Something that is measured by itself, on a machine that does nothing else. */
interface Benchmark {
  /** By which it is asked for on the command line. */
  String name();

  /** What is measured, in one sentence. */
  String title();

  /**
   * Measures.
   *
   * @param home the root of the project, with everything built
   * @throws Exception when there is nothing to report: it did not work, or a peer is missing
   */
  Figures run(Path home) throws Exception;
}
