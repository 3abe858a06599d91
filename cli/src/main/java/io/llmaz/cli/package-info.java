/** llmaz, also kubectl-llmaz: demo, up, status. */
@NullMarked
package io.llmaz.cli;

import org.jspecify.annotations.NullMarked;
