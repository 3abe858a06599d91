/** Tasks on disk: content files, the piece map that survives a crash, the size limit. */
@NullMarked
package io.llmaz.local.engine.store;

import org.jspecify.annotations.NullMarked;
