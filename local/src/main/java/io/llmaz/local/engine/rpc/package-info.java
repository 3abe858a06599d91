/** The daemon's gRPC services, on TCP and on a unix socket. */
@NullMarked
package io.llmaz.local.engine.rpc;

import org.jspecify.annotations.NullMarked;
