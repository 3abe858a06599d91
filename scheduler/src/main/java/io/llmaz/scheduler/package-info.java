/** Dragonfly scheduler.v2: who is whose parent. */
@NullMarked
package io.llmaz.scheduler;

import org.jspecify.annotations.NullMarked;
