/** P2PTask: bytes that are brought into the cluster once. */
@NullMarked
package io.llmaz.api.p2p;

import org.jspecify.annotations.NullMarked;
