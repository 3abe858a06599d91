@NullMarked
package io.llmaz.local.cluster;

import org.jspecify.annotations.NullMarked;
