/**
 * Serves models: the playground-, service- and backendruntime-controller.
 *
 * <ul>
 *   <li>{@code ServiceDesign} turns a Playground into an inference Service, {@code WorkloadDesign}
 *       a Service into a Deployment or LeaderWorkerSet, {@code LoaderDesign} adds what loads the
 *       models: pure functions.
 *   <li>{@code Gate} says whether a Playground may go on: the proposal's order, as a pure function.
 *   <li>The reconcilers observe, ask those, apply, and report.
 * </ul>
 */
@NullMarked
package io.llmaz.operator.inference;

import org.jspecify.annotations.NullMarked;
