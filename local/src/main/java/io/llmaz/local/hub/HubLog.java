package io.llmaz.local.hub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What left the source, request by request. Safe for any number of threads; {@code this} guards all
 * state.
 */
public final class HubLog {
  private final List<HubRequest> requests = new ArrayList<>();
  private final Map<String, ServedRanges> served = new HashMap<>();
  private long contentBytes;
  private long contentRequests;

  HubLog() {}

  synchronized void add(HubRequest request) {
    requests.add(request);
  }

  synchronized void addContent(String digest, long start, long end) {
    if (end > start) {
      served.computeIfAbsent(digest, key -> new ServedRanges()).add(start, end);
      contentBytes += end - start;
      contentRequests++;
    }
  }

  /** All requests so far, oldest answer first. */
  public synchronized List<HubRequest> requests() {
    return List.copyOf(requests);
  }

  /** The sums so far; subtract an earlier one with {@link Totals#since} to see a span. */
  public synchronized Totals totals() {
    return new Totals(
        contentBytes,
        served.values().stream().mapToLong(ServedRanges::bytes).sum(),
        contentRequests,
        requests.size());
  }

  /**
   * How many requests carried an {@code Authorization} header and were not sent by whom it is meant
   * for.
   *
   * @param allowed says of a request whether its sender may hold a token, for example by its user
   *     agent
   */
  public synchronized long tokensSeenOutside(Predicate<HubRequest> allowed) {
    return requests.stream().filter(HubRequest::authorized).filter(allowed.negate()).count();
  }

  /**
   * Sums of what was sent.
   *
   * @param bytes content bytes (files and image blobs; not the API's own answers)
   * @param uniqueBytes of them, each counted once however often it was sent
   * @param contentRequests requests that were answered with content
   * @param requests all requests
   */
  public record Totals(long bytes, long uniqueBytes, long contentRequests, long requests) {

    /** What was sent after an earlier moment. Unique bytes are those that were new since then. */
    public Totals since(Totals earlier) {
      return new Totals(
          bytes - earlier.bytes,
          uniqueBytes - earlier.uniqueBytes,
          contentRequests - earlier.contentRequests,
          requests - earlier.requests);
    }

    /** Bytes sent for each byte that had to be; 1 is best, 0 when nothing was sent. */
    public double amplification() {
      return uniqueBytes == 0 ? 0 : (double) bytes / uniqueBytes;
    }
  }
}
