package io.llmaz.scheduler;

/** What the policy wants done next. */
sealed interface Decision {

  /** A waiting peer gets a parent. */
  record Feed(String peer, String parent) implements Decision {}

  /** A waiting peer reads the source, alone. */
  record ReadSource(String peer) implements Decision {}

  /** A seed is asked to bring the task in. */
  record AskSeed() implements Decision {}

  /** A waiting peer can neither be fed nor read the source. */
  record Refuse(String peer) implements Decision {}
}
