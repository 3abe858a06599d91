/**
 * Brings bytes into the cluster once: the openmodel-controller and the p2ptask-controller.
 *
 * <ul>
 *   <li>{@code OpenModelReconciler} keeps one P2PTask for a model and says in the model's status
 *       how far it is.
 *   <li>{@code P2PTaskReconciler} starts a {@code Distribution} for each task and writes what
 *       {@code TaskStatus} makes of it: a pure function of the task, what the distribution says,
 *       and now.
 *   <li>{@code Distributions} are the ones under way, outside the reconcilers' threads.
 *   <li>{@code Gateway} and {@code Engines} are how the rest of the world is reached.
 * </ul>
 */
@NullMarked
package io.llmaz.operator.p2p;

import org.jspecify.annotations.NullMarked;
