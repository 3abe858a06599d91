package io.llmaz.bench;

/**
 * A limit and what was measured.
 *
 * @param name what is compared, with its unit
 * @param value measured
 * @param bar the limit
 * @param atLeast whether the value has to reach the bar; else it must not exceed it
 */
record Bar(String name, double value, double bar, boolean atLeast) {
  static Bar atMost(String name, double value, double bar) {
    return new Bar(name, value, bar, false);
  }

  static Bar atLeast(String name, double value, double bar) {
    return new Bar(name, value, bar, true);
  }

  boolean holds() {
    return atLeast ? value >= bar : value <= bar;
  }
}
