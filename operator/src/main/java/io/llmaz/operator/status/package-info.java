/** How a reconcile's answer reaches the object. */
@NullMarked
package io.llmaz.operator.status;

import org.jspecify.annotations.NullMarked;
