package io.llmaz.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.llmaz.source.ContentHasher;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which replica of the gateway reads a file: one for all readers, or each replica would read it
 * from its source once. Whoever asks another replica is sent to that one.
 *
 * <p>It is the first one that answers in the order of rendezvous hashing (Thaler and Ravishankar,
 * "A Name-Based Mapping Scheme for Rendezvous", 1996): so each has its part of all files, and a
 * replica that comes or goes moves no file between others. Safe for many threads.
 */
final class Replicas {
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final int CONNECT_MILLIS = 300;
  private static final int ANSWER_MILLIS = 1000;

  /** Who is there. */
  interface Directory {
    /** The replicas that are ready; may be out of date by moments. */
    List<InetSocketAddress> ready();
  }

  /** A parameter of requests that came here from another replica. It only takes away. */
  static final String SENT = "sent";

  private final String own;
  private final Predicate<InetSocketAddress> answers;
  // Looked up anew beside who asks: no reader waits for an API server that is away.
  private final LoadingCache<String, List<InetSocketAddress>> known;
  private final Cache<InetSocketAddress, Boolean> alive =
      Caffeine.newBuilder().expireAfterWrite(FRESH).build();

  /**
   * Of one replica.
   *
   * @param own its IP address
   * @param answers whether another one does; asked every few seconds at most
   */
  Replicas(String own, Directory directory, Predicate<InetSocketAddress> answers) {
    this.own = own;
    this.known = Caffeine.newBuilder().refreshAfterWrite(FRESH).build(service -> directory.ready());
    this.answers = answers;
  }

  /** Of one replica, with others asked for their health. */
  Replicas(String own, Directory directory) {
    this(own, directory, Replicas::isHealthy);
  }

  /** Of the only one. */
  static Replicas none() {
    return new Replicas("", List::of);
  }

  /** The other replica that reads a file, by its content key; empty when it is this one. */
  Optional<InetSocketAddress> other(String file) {
    return ready().stream()
        .sorted(Comparator.comparing(replica -> weight(replica, file)))
        .filter(replica -> isOwn(replica) || alive.get(replica, answers::test))
        .findFirst()
        .filter(replica -> !isOwn(replica));
  }

  /** All others that answer. */
  List<InetSocketAddress> others() {
    return ready().stream()
        .filter(replica -> !isOwn(replica) && alive.get(replica, answers::test))
        .toList();
  }

  /** Where another is asked what was asked here. */
  static String at(InetSocketAddress replica, URI request) {
    String query = request.getRawQuery() == null ? "" : request.getRawQuery() + "&";
    return url(replica, request.getRawPath() + "?" + query + SENT + "=1").toString();
  }

  private List<InetSocketAddress> ready() {
    return known.get("the gateway's");
  }

  private boolean isOwn(InetSocketAddress replica) {
    return replica.getHostString().equals(own);
  }

  private static String weight(InetSocketAddress replica, String file) {
    return ContentHasher.sha256(replica.getHostString() + "\n" + file);
  }

  /** Its connections alone say little: the system takes them for a program that stands still. */
  private static boolean isHealthy(InetSocketAddress replica) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) url(replica, "/healthz").toURL().openConnection();
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(ANSWER_MILLIS);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  private static URI url(InetSocketAddress replica, String rest) {
    String host = replica.getHostString();
    return URI.create(
        "http://%s:%d%s"
            .formatted(host.contains(":") ? "[" + host + "]" : host, replica.getPort(), rest));
  }
}
