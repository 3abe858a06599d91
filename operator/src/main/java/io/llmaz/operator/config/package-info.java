/** The operator's configuration: of the process, and of the cluster while it runs. */
@NullMarked
package io.llmaz.operator.config;

import org.jspecify.annotations.NullMarked;
