@NullMarked
package io.llmaz.loader.bench;

import org.jspecify.annotations.NullMarked;
