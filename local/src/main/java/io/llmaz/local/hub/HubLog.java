package io.llmaz.local.hub;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What left the source, request by request. Safe for any number of threads; {@code this} guards all
 * state.
 */
public final class HubLog {
  private final List<HubRequest> requests = new ArrayList<>();
  private final Map<HubRequest.Part, Sent> sent = new EnumMap<>(HubRequest.Part.class);

  private volatile Consumer<HubRequest> listener = request -> {};

  /** What one server sent. */
  private static final class Sent {
    final Map<String, ServedRanges> served = new HashMap<>();
    long bytes;
    long requests;
  }

  HubLog() {}

  void add(HubRequest request) {
    synchronized (this) {
      requests.add(request);
    }
    listener.accept(request);
  }

  /** Tells of each request from now on, on the thread that answered it. */
  public void onRequest(Consumer<HubRequest> told) {
    listener = told;
  }

  synchronized void addContent(HubRequest.Part part, String digest, long start, long end) {
    if (end > start) {
      Sent by = sent.computeIfAbsent(part, key -> new Sent());
      by.served.computeIfAbsent(digest, key -> new ServedRanges()).add(start, end);
      by.bytes += end - start;
      by.requests++;
    }
  }

  /** All requests so far, oldest answer first. */
  public synchronized List<HubRequest> requests() {
    return List.copyOf(requests);
  }

  /** The sums so far of all servers; subtract an earlier one with {@link Totals#since}. */
  public synchronized Totals totals() {
    return totals(EnumSet.allOf(HubRequest.Part.class));
  }

  /** The sums so far of some servers, for example of all that a model comes from. */
  public synchronized Totals totals(Set<HubRequest.Part> parts) {
    long bytes = 0;
    long unique = 0;
    long contentRequests = 0;
    for (HubRequest.Part part : parts) {
      Sent by = sent.get(part);
      if (by != null) {
        bytes += by.bytes;
        unique += by.served.values().stream().mapToLong(ServedRanges::bytes).sum();
        contentRequests += by.requests;
      }
    }
    return new Totals(
        bytes,
        unique,
        contentRequests,
        requests.stream().filter(request -> parts.contains(request.part())).count());
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
