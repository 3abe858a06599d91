/** How caches of the API server's objects are kept small. */
@NullMarked
package io.llmaz.operator.store;

import org.jspecify.annotations.NullMarked;
