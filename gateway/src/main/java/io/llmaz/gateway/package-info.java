/**
 * The gateway: the one process with tokens and a way out.
 *
 * <ul>
 *   <li>{@code GatewayServer} is HTTP; {@code Endpoints} its paths; {@code BlobHandler} the bytes.
 *   <li>{@code BlobReader} reads each byte of a source once where it can: small files from memory,
 *       large ones in blocks that readers share ({@code BlockCache}).
 *   <li>{@code LinkSigner} makes addresses that expire; {@code Access} says who may have them.
 *   <li>{@code TaskStore}, {@code Credentials} and {@code Access} are ports; the {@code
 *       Kubernetes...} classes are their only real sides.
 * </ul>
 */
@NullMarked
package io.llmaz.gateway;

import org.jspecify.annotations.NullMarked;
