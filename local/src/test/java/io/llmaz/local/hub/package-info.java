@NullMarked
package io.llmaz.local.hub;

import org.jspecify.annotations.NullMarked;
