package io.llmaz.local.hub;

import java.time.Instant;

/**
 * A request as it was answered. Holds neither a token nor a query, which may be a signature.
 *
 * @param at when it came
 * @param part which of the servers it came to
 * @param method HTTP method
 * @param path decoded path without query
 * @param status what was answered
 * @param bytesSent body bytes that were sent, also of an answer that broke off
 * @param userAgent who asks, by its own word; empty when it said nothing
 * @param authorized whether there was an {@code Authorization} header
 */
public record HubRequest(
    Instant at,
    Part part,
    String method,
    String path,
    int status,
    long bytesSent,
    String userAgent,
    boolean authorized) {

  /** The servers of the demo hub. */
  public enum Part {
    /** The hub's API and its {@code resolve} addresses. */
    HUB,
    /** Where the signed addresses lead. */
    CONTENT,
    /** The OCI registry. */
    REGISTRY
  }
}
