/** What happened, told to users as Kubernetes events. */
@NullMarked
package io.llmaz.operator.event;

import org.jspecify.annotations.NullMarked;
