/** model-loader: manifest to verified files. */
@NullMarked
package io.llmaz.loader;

import org.jspecify.annotations.NullMarked;
