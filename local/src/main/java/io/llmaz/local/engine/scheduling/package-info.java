/** Conversations with the scheduler, in Dragonfly's scheduler.v2. */
@NullMarked
package io.llmaz.local.engine.scheduling;

import org.jspecify.annotations.NullMarked;
