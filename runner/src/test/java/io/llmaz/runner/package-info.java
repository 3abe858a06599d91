@NullMarked
package io.llmaz.runner;

import org.jspecify.annotations.NullMarked;
