package io.llmaz.source;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How we speak with hubs and registries: HTTP/1.1 (one connection a stream, so that parallel reads
 * do not share a window), no automatic redirects (credentials must not follow one to another host),
 * no compression, retries by {@link RetryPolicy}, and an end to streams that stall.
 *
 * <p>On {@link HttpURLConnection}, because it reads from the socket straight into the caller's
 * buffer: the JDK's newer client hands over 16 KiB at a time between threads, which cost the loader
 * more processor time than the hash of the bytes, and has no timeout for bodies.
 *
 * <p>Safe for many threads. Connections stay open for a while for the next request.
 */
public final class OriginHttp {

  /** Counts what is asked of a source. Called from the reading threads. */
  public interface Meter {
    /** Nobody counts. */
    Meter NONE =
        new Meter() {
          @Override
          public void request(String host) {}

          @Override
          public void bytes(String host, int count) {}
        };

    /** A request is sent. */
    void request(String host);

    /** Content bytes arrived. */
    void bytes(String host, int count);
  }

  /** Waits; a test's own does not. */
  public interface Sleeper {
    void sleep(Duration pause) throws InterruptedException;
  }

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(10);
  // A chain of peers may stand still for a moment while one of them is replaced.
  private static final Duration DFDAEMON_STALL_TIMEOUT = Duration.ofSeconds(20);
  private static final String USER_AGENT = "llmaz/0.1";

  private final RetryPolicy retries;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Sleeper sleeper;
  private final Duration stallTimeout;
  private final Optional<Proxy> proxy;
  private final String userAgent;

  /**
   * All parts named.
   *
   * @param stallTimeout the longest wait for headers, and for the next byte of a body
   * @param proxy every request goes through it
   * @param program named in the User-Agent
   */
  public OriginHttp(
      RetryPolicy retries,
      InstantSource clock,
      RandomGenerator random,
      Sleeper sleeper,
      Duration stallTimeout,
      Optional<Proxy> proxy,
      String program) {
    this.retries = retries;
    this.clock = clock;
    this.random = random;
    this.sleeper = sleeper;
    this.stallTimeout = stallTimeout;
    this.proxy = proxy;
    this.userAgent = USER_AGENT + " (" + program + ")";
  }

  /**
   * With the defaults of production.
   *
   * @param program named in the User-Agent
   */
  public static OriginHttp create(String program) {
    return new OriginHttp(
        RetryPolicy.DEFAULT,
        InstantSource.system(),
        new java.util.SplittableRandom(),
        Thread::sleep,
        STALL_TIMEOUT,
        Optional.empty(),
        program);
  }

  /**
   * Through the proxy of a node's dfdaemon. It is near and there is another way, so it is given up
   * soon.
   *
   * @param proxy address of dfdaemon's proxy port
   */
  public static OriginHttp throughDfdaemon(InetSocketAddress proxy, String program) {
    return new OriginHttp(
        new RetryPolicy(2, Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(5)),
        InstantSource.system(),
        new java.util.SplittableRandom(),
        Thread::sleep,
        DFDAEMON_STALL_TIMEOUT,
        Optional.of(new Proxy(Proxy.Type.HTTP, proxy)),
        program);
  }

  RetryPolicy retries() {
    return retries;
  }

  /**
   * One request, tried once. The body must be closed.
   *
   * @throws IOException when there is no answer
   */
  OriginAnswer getOnce(URI uri, Map<String, String> headers) throws IOException {
    URL url = uri.toURL();
    HttpURLConnection connection =
        (HttpURLConnection)
            (proxy.isPresent() ? url.openConnection(proxy.get()) : url.openConnection());
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
    connection.setReadTimeout(Math.toIntExact(stallTimeout.toMillis()));
    connection.setRequestProperty("User-Agent", userAgent);
    connection.setRequestProperty("Accept", "*/*");
    connection.setRequestProperty("Accept-Encoding", "identity");
    headers.forEach(connection::setRequestProperty);
    return OriginAnswer.of(connection);
  }

  /**
   * A request whose answer is final: tried again on 429, 5xx and broken connections.
   *
   * @throws SourceException transient, when the last attempt failed too
   */
  public OriginAnswer get(URI uri, Map<String, String> headers) {
    for (int failed = 1; ; failed++) {
      String problem;
      Optional<Duration> requested = Optional.empty();
      try {
        OriginAnswer response = getOnce(uri, headers);
        if (!worthAnotherTry(response.statusCode())) {
          return response;
        }
        requested = retryAfter(response);
        response.close();
        problem = "answered " + response.statusCode();
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new SourceException(SourceException.Kind.TRANSIENT, "interrupted", e);
        }
        problem = "did not answer (" + describe(e) + ")";
      }
      pauseOrGiveUp(uri, failed, requested, problem);
    }
  }

  void pauseOrGiveUp(URI uri, int failed, Optional<Duration> requested, String problem) {
    Duration pause =
        retries
            .pause(failed, requested, random)
            .orElseThrow(() ->
                new SourceException(
                    SourceException.Kind.TRANSIENT,
                    uri.getHost() + " " + problem + ", after " + failed + " attempts"));
    try {
      sleeper.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException(SourceException.Kind.TRANSIENT, "interrupted", e);
    }
  }

  static boolean worthAnotherTry(int status) {
    return status == 429 || status == 408 || status >= 500;
  }

  /** {@code Retry-After}, in seconds or as a date (RFC 9110, section 10.2.3). */
  Optional<Duration> retryAfter(OriginAnswer response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .flatMap(text -> {
          try {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text.trim())));
          } catch (NumberFormatException notSeconds) {
            return untilDate(text);
          }
        });
  }

  private Optional<Duration> untilDate(String text) {
    try {
      Instant at =
          ZonedDateTime.parse(text.trim(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration until = Duration.between(clock.instant(), at);
      return Optional.of(until.isNegative() ? Duration.ZERO : until);
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  static String describe(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
