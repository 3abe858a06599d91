/**
 * The demo's outside world on loopback: a hub that speaks the Hugging Face Hub API and an OCI
 * registry, behind one limited and counted source link.
 *
 * <p>{@link io.llmaz.local.hub.DemoHub} starts three servers: the hub itself, the content host that
 * its signed addresses lead to, and the registry. {@code HubExchange} is the way every answer goes
 * out; it limits, counts and, for tests, spoils it. Shapes follow huggingface.co as its Python
 * client reads it, and the OCI distribution specification 1.1.
 */
@NullMarked
package io.llmaz.local.hub;

import org.jspecify.annotations.NullMarked;
