/** How a task comes to this node: scheduler, parents, source. */
@NullMarked
package io.llmaz.local.engine.transfer;

import org.jspecify.annotations.NullMarked;
