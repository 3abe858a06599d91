/** Hubs and registries: resolve to a manifest, open a file. */
@NullMarked
package io.llmaz.source;

import org.jspecify.annotations.NullMarked;
