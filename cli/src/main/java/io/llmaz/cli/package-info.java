/** The {@code llmaz} command line: one class a command, the demo's story in its own package. */
@NullMarked
package io.llmaz.cli;

import org.jspecify.annotations.NullMarked;
