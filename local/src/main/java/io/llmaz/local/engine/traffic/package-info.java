/** What a node read and sent, and how fast it may. */
@NullMarked
package io.llmaz.local.engine.traffic;

import org.jspecify.annotations.NullMarked;
