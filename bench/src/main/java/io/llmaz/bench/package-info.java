/**
 * Benchmarks: each puts its figures beside those of a peer or a limit that it measures in the same
 * run, and holds bars against the ratio. {@code bench/run} runs them and keeps {@code
 * docs/benchmarks.md} and {@code docs/benchmarks.json}. Nothing here is a test.
 */
@NullMarked
package io.llmaz.bench;

import org.jspecify.annotations.NullMarked;
