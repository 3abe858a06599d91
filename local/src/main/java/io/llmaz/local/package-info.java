/** Embedded control plane, engine, nodes, demo hub and registry. */
@NullMarked
package io.llmaz.local;

import org.jspecify.annotations.NullMarked;
