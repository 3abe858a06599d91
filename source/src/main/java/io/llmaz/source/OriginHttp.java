package io.llmaz.source;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /** A request failed, and what it asked for is asked for again. */
    default void retried(String host) {}
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
  private static final int CONNECTIONS_PER_HOST = 32;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  private final RetryPolicy retries;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Sleeper sleeper;
  private final Duration stallTimeout;
  private final Optional<Proxy> proxy;
  private final String userAgent;
  private final HostTraffic traffic;

  /** All parts named, but for the connections to a host, which are as in production. */
  public OriginHttp(
      RetryPolicy retries,
      InstantSource clock,
      RandomGenerator random,
      Sleeper sleeper,
      Duration stallTimeout,
      Optional<Proxy> proxy,
      String program) {
    this(retries, clock, random, sleeper, stallTimeout, proxy, CONNECTIONS_PER_HOST, program);
  }

  /**
   * All parts named.
   *
   * @param stallTimeout the longest wait for headers, and for the next byte of a body
   * @param proxy every request goes through it
   * @param connectionsPerHost at once; who needs another waits
   * @param program named in the User-Agent
   */
  public OriginHttp(
      RetryPolicy retries,
      InstantSource clock,
      RandomGenerator random,
      Sleeper sleeper,
      Duration stallTimeout,
      Optional<Proxy> proxy,
      int connectionsPerHost,
      String program) {
    this.traffic = new HostTraffic(connectionsPerHost, clock);
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
    return create(program, CONNECTIONS_PER_HOST);
  }

  /**
   * With the defaults of production, but for one.
   *
   * @param program named in the User-Agent
   * @param connectionsPerHost at once; who needs another waits
   */
  public static OriginHttp create(String program, int connectionsPerHost) {
    return new OriginHttp(
        RetryPolicy.DEFAULT,
        InstantSource.system(),
        new java.util.Random(),
        Thread::sleep,
        STALL_TIMEOUT,
        Optional.empty(),
        connectionsPerHost,
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
        new java.util.Random(),
        Thread::sleep,
        DFDAEMON_STALL_TIMEOUT,
        Optional.of(new Proxy(Proxy.Type.HTTP, proxy)),
        CONNECTIONS_PER_HOST,
        program);
  }

  /**
   * One request, tried once, as soon as its host has a connection for us and does not want to be
   * left alone. The body must be closed.
   *
   * @throws OriginBusyException when the host wants to be left alone for longer than we wait
   * @throws IOException when there is no answer
   */
  OriginAnswer getOnce(URI uri, Map<String, String> headers) throws IOException {
    return once(uri, headers, null);
  }

  private OriginAnswer once(URI uri, Map<String, String> headers, byte @Nullable [] body)
      throws IOException {
    awaitQuiet(uri.getHost());
    HostTraffic.Connection slot = traffic.connect(uri.getHost());
    try {
      OriginAnswer answer = send(uri, headers, body);
      noteLimits(uri.getHost(), answer);
      return new OriginAnswer(answer.statusCode(), answer.headers(), slot.body(answer.body()));
    } catch (IOException | RuntimeException e) {
      slot.close();
      throw e;
    }
  }

  /** All readers of a host wait together, and come back one after another. */
  private void awaitQuiet(String host) throws OriginBusyException {
    Optional<Duration> quiet = traffic.quiet(host);
    if (quiet.isEmpty()) {
      return;
    }
    if (quiet.get().compareTo(retries.longestRequested()) > 0) {
      throw new OriginBusyException(TOO_MANY_REQUESTS, quiet);
    }
    sleep(quiet.get().plusMillis(random.nextLong(retries.base().toMillis() + 1)));
  }

  /** A 429 is about all that we ask of a host, and so is a 503 that names a time. */
  private void noteLimits(String host, OriginAnswer answer) {
    Optional<Duration> asked = retryAfter(answer);
    if (answer.statusCode() == TOO_MANY_REQUESTS) {
      traffic.pause(host, asked.orElse(retries.base()));
    } else if (answer.statusCode() == UNAVAILABLE) {
      asked.ifPresent(pause -> traffic.pause(host, pause));
    }
  }

  private OriginAnswer send(URI uri, Map<String, String> headers, byte @Nullable [] body)
      throws IOException {
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
    if (body != null) {
      connection.setDoOutput(true); // Which makes it a POST.
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
    }
    return OriginAnswer.of(connection);
  }

  /** As {@link #get(URI, Map, Meter)}, uncounted. */
  public OriginAnswer get(URI uri, Map<String, String> headers) {
    return get(uri, headers, Meter.NONE);
  }

  /**
   * A request whose answer is final: tried again on 429, 5xx and broken connections.
   *
   * @param meter told of each attempt
   * @throws SourceException transient, when the last attempt failed too
   */
  public OriginAnswer get(URI uri, Map<String, String> headers, Meter meter) {
    return insist(uri, headers, null, meter);
  }

  /**
   * Posts a form, tried again as {@link #get(URI, Map)} is; so it must be one that may be sent
   * twice.
   *
   * @throws SourceException transient, when the last attempt failed too
   */
  OriginAnswer post(URI uri, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return insist(
        uri,
        Map.of("Content-Type", "application/x-www-form-urlencoded"),
        body.getBytes(StandardCharsets.US_ASCII),
        Meter.NONE);
  }

  /**
   * Posts JSON, tried once: for what is good to have.
   *
   * @throws IOException when there is no answer
   */
  public OriginAnswer postOnce(URI uri, Map<String, String> headers, byte[] json)
      throws IOException {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", "application/json");
    return once(uri, all, json);
  }

  private OriginAnswer insist(
      URI uri, Map<String, String> headers, byte @Nullable [] body, Meter meter) {
    for (int failed = 1; ; failed++) {
      String problem;
      Optional<Duration> requested = Optional.empty();
      try {
        meter.request(uri.getHost());
        OriginAnswer response = once(uri, headers, body);
        if (!worthAnotherTry(response.statusCode())) {
          return response;
        }
        requested = retryAfter(response);
        response.close();
        problem = "answered " + response.statusCode();
      } catch (OriginBusyException e) {
        requested = e.retryAfter();
        problem = String.valueOf(e.getMessage());
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new SourceException(SourceException.Kind.TRANSIENT, "interrupted", e);
        }
        problem = "did not answer (" + describe(e) + ")";
      }
      pauseOrGiveUp(uri, failed, requested, problem, meter);
    }
  }

  void pauseOrGiveUp(
      URI uri, int failed, Optional<Duration> requested, String problem, Meter meter) {
    Duration pause =
        retries
            .pause(failed, requested, random)
            .orElseThrow(() ->
                new SourceException(
                    SourceException.Kind.TRANSIENT,
                    uri.getHost()
                        + " "
                        + problem
                        + requested
                            .map(r -> ", and asks for a pause of " + r.toSeconds() + " s")
                            .orElse("")
                        + ", after "
                        + failed
                        + " attempts"));
    meter.retried(uri.getHost());
    sleep(pause);
  }

  private void sleep(Duration pause) {
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

  /** How long an answer asks us to wait. */
  Optional<Duration> retryAfter(OriginAnswer response) {
    return RateLimit.pause(response.headers(), clock.instant());
  }

  /** What a failed request says; a refused connection has no message of its own. */
  public static String describe(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
