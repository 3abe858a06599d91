/** The one way out to hubs and registries. */
@NullMarked
package io.llmaz.gateway;

import org.jspecify.annotations.NullMarked;
