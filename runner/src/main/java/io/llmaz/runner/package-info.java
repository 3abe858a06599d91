/**
 * The demo's inference server: OpenAI's embeddings API over one sentence-embedding model in ONNX
 * form, on the CPU.
 *
 * <p>{@link io.llmaz.runner.Main} starts {@code OpenAiServer} at once and loads {@code
 * EmbeddingModel} beside it, so that probes get their 503 from the first moment and the start costs
 * no more than the model does.
 */
@NullMarked
package io.llmaz.runner;

import org.jspecify.annotations.NullMarked;
