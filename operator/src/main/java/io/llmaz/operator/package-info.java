/** Controllers, desired-object builders, Main. */
@NullMarked
package io.llmaz.operator;

import org.jspecify.annotations.NullMarked;
