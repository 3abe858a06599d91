/** Dragonfly: task ids, protocols, the distribution engine port and its drivers. */
@NullMarked
package io.llmaz.dragonfly;

import org.jspecify.annotations.NullMarked;
