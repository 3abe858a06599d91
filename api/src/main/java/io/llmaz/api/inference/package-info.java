/** BackendRuntime, Playground and inference Service: how a model is served. */
@NullMarked
package io.llmaz.api.inference;

import org.jspecify.annotations.NullMarked;
