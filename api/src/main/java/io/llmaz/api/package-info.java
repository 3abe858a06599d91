/** CRDs, records of spec and status, names and conditions. */
@NullMarked
package io.llmaz.api;

import org.jspecify.annotations.NullMarked;
