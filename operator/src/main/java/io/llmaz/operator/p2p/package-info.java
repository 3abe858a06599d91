/** Brings bytes into the cluster once: the openmodel-controller and the p2ptask-controller. */
@NullMarked
package io.llmaz.operator.p2p;

import org.jspecify.annotations.NullMarked;
