@NullMarked
package io.llmaz.cli.dfget;

import org.jspecify.annotations.NullMarked;
