/**
 * {@code llmaz dfget}: files and folders through the node's daemon, with retry and progress for
 * machines.
 */
@NullMarked
package io.llmaz.cli.dfget;

import org.jspecify.annotations.NullMarked;
