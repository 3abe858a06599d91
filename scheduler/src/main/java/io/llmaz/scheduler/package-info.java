/**
 * A scheduler for Dragonfly's daemons: it speaks {@code scheduler.v2} and decides who is whose
 * parent.
 *
 * <ul>
 *   <li>{@code ParentPolicy} decides, as a pure function of a view of one task.
 *   <li>{@code Swarm} keeps hosts, tasks and peers, asks the policy after each change and tells the
 *       peers.
 *   <li>{@code SchedulerService} turns gRPC calls into the swarm's words.
 *   <li>{@code SchedulerServer} is the gRPC server around them.
 *   <li>{@code Main} is the process: environment, {@code StatusServer} with metrics and each task's
 *       tree, a stop that lets conversations end.
 * </ul>
 *
 * All state is in memory: daemons announce themselves and what they have.
 */
@NullMarked
package io.llmaz.scheduler;

import org.jspecify.annotations.NullMarked;
