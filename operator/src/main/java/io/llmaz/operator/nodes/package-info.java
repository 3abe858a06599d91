/**
 * Brings a task's files to nodes before their pods ask ({@code scope: AllNodes}).
 *
 * <ul>
 *   <li>{@code ClusterNodes} are the Node objects, watched from the first such task on.
 *   <li>{@code NodePlan} says whom to ask next and when: a pure state machine.
 *   <li>{@code Prefetch} does it for one task, {@code Prefetches} for all, a step each half second.
 *   <li>{@code SeedArrivals} is what a node waits for: nothing is asked of peers before a seed has
 *       begun with it.
 * </ul>
 *
 * Nothing here has a say in whether a task is Ready.
 */
@NullMarked
package io.llmaz.operator.nodes;

import org.jspecify.annotations.NullMarked;
