/**
 * Everything on one machine, wired: hub, control plane, gateway process, engine, nodes, operator.
 * {@code LocalStack} starts top to bottom and stops in the reverse order.
 */
@NullMarked
package io.llmaz.local.stack;

import org.jspecify.annotations.NullMarked;
