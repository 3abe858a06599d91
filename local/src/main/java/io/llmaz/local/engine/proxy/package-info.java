/** The HTTP port: a proxy and a registry mirror whose bodies come through P2P. */
@NullMarked
package io.llmaz.local.engine.proxy;

import org.jspecify.annotations.NullMarked;
