/** The demo's inference server: OpenAI embeddings over ONNX. */
@NullMarked
package io.llmaz.runner;

import org.jspecify.annotations.NullMarked;
