/** OpenModel: which model, from where, on which hardware. */
@NullMarked
package io.llmaz.api.model;

import org.jspecify.annotations.NullMarked;
