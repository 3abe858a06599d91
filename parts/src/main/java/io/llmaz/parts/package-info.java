/**
 * The real programs that we work with (Dragonfly's, Kubernetes'), each as a closeable object on
 * loopback for the tests of other modules and the benchmarks. No program of ours uses anything
 * here, and nothing here knows our own code.
 */
@NullMarked
package io.llmaz.parts;

import org.jspecify.annotations.NullMarked;
