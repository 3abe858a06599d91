/** Pieces from node to node: Dragonfly's vortex framing over TCP. */
@NullMarked
package io.llmaz.local.engine.vortex;

import org.jspecify.annotations.NullMarked;
