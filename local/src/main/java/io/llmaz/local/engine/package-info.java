/**
 * The embedded engine: the part of Dragonfly's dfdaemon that we use, one object a node.
 *
 * <p>{@link io.llmaz.local.engine.EngineNode} wires the rooms below it: {@code store} keeps pieces,
 * {@code vortex} moves them between nodes, {@code transfer} decides where each comes from, {@code
 * rpc} and {@code proxy} are the doors. It is for one machine and for tests; on a cluster the
 * daemons are Dragonfly's.
 */
@NullMarked
package io.llmaz.local.engine;

import org.jspecify.annotations.NullMarked;
