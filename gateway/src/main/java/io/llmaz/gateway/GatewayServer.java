package io.llmaz.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.SourceException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway. A request is served on a virtual thread of its own. */
public final class GatewayServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GatewayServer.class);
  private static final int GRACE_SECONDS = 1;

  /** In seconds; half a request would hold a thread and a connection for ever. */
  private static final String LONGEST_REQUEST = "30";

  static {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", LONGEST_REQUEST);
  }

  private final HttpServer http;
  private final ExecutorService threads;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Endpoints endpoints;
  private final @Nullable Spool spool;
  private final BlobHandler blobs;
  private final Callers callers;
  private final BundleHandler bundles;
  private final ReportHandler reports;
  private final UsageHandler usage;

  GatewayServer(
      GatewayConfig config,
      TaskStore tasks,
      Credentials credentials,
      Access access,
      Reports reports,
      Supplier<List<byte[]>> keys,
      Replicas replicas,
      OriginHttp origin) {
    try {
      this.http = HttpServer.create(config.listen(), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the gateway cannot listen at " + config.listen() + ": " + e.getMessage(), e);
    }
    URI base = config.advertise() != null ? config.advertise() : address();
    Usages usages = new Usages(config.byteBudget(), metrics);
    SourceFactory sources = new SourceFactory(config, origin, credentials);
    LinkSigner links =
        new LinkSigner(
            new KeyRing(keys, config.linkLifetime(), InstantSource.system()),
            config.linkLifetime(),
            InstantSource.system());
    this.callers = new Callers(tasks, access);
    this.endpoints = new Endpoints(callers, sources, links, usages, base);
    this.spool =
        config.spool() == null ? null : new Spool(config.spool(), config.spoolBytes(), metrics);
    BlobReader reader =
        new BlobReader(
            sources,
            usages,
            reports,
            new SeedReads(links, base, config.seedProxyPort()),
            config.cacheBytes(),
            spool);
    this.blobs = new BlobHandler(tasks, links, reader, replicas);
    this.usage = new UsageHandler(usages, replicas);
    this.bundles = new BundleHandler(reader);
    this.reports = new ReportHandler(reports);
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
    log.info("gateway listens at {}", address());
  }

  /**
   * Starts one against an API server.
   *
   * @throws UncheckedIOException when the address is in use
   */
  public static GatewayServer start(GatewayConfig config, KubernetesClient client) {
    return new GatewayServer(
        config,
        new KubernetesTaskStore(client, config.namespace()),
        new KubernetesCredentials(client, config.namespace()),
        new KubernetesAccess(client),
        new KubernetesReports(client, InstantSource.system()),
        new KubernetesKeys(client, config.namespace()),
        config.replica() == null
            ? Replicas.none()
            : new Replicas(
                config.replica(),
                new KubernetesReplicas(client, config.namespace(), config.service())),
        OriginHttp.create("gateway", config.originConnections()));
  }

  /** Where it listens. */
  public URI address() {
    return URI.create(
        "http://"
            + http.getAddress().getAddress().getHostAddress()
            + ":"
            + http.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) {
    long begin = System.nanoTime();
    int status = 500;
    boolean whole = false;
    try (exchange) {
      try {
        route(exchange);
      } catch (SourceException e) {
        refuse(exchange, GatewayException.of(e));
      } catch (GatewayException e) {
        refuse(exchange, e);
      } catch (KubernetesClientException e) {
        log.warn("the API server does not answer: {}", reason(e));
        refuse(
            exchange,
            new GatewayException(
                503, SourceException.Kind.TRANSIENT, "the API server does not answer"));
      }
      status = exchange.getResponseCode();
      whole = true;
    } catch (IOException e) {
      // The reader went away, or the source broke off in mid-body: the connection says so.
      status = exchange.getResponseCode();
      log.debug("{} broke off: {}", exchange.getRequestURI().getRawPath(), e.getMessage());
    } catch (RuntimeException e) {
      log.error("{} {}", exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(), e);
    } finally {
      AccessLog.write(exchange, status, whole, Duration.ofNanos(System.nanoTime() - begin));
      metrics.counter("llmaz.gateway.requests", "status", Integer.toString(status)).increment();
    }
  }

  /** A request that timed out has its reason in its cause alone. */
  private static String reason(KubernetesClientException e) {
    return e.getMessage() != null ? e.getMessage() : String.valueOf(e.getCause());
  }

  private void route(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    String[] parts = path.split("/");
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (reads && (path.equals("/healthz") || path.equals("/readyz"))) {
      text(exchange, "ok");
    } else if (reads && path.equals("/metrics")) {
      text(exchange, metrics.scrape());
    } else if (method.equals("POST") && path.equals("/v1/resolve")) {
      endpoints.resolve(exchange);
    } else if (reads && parts.length == 5 && path.startsWith("/v1/tasks/")) {
      switch (parts[4]) {
        case "manifest" -> endpoints.manifest(exchange, parts[3]);
        case "usage" -> {
          callers.requireOperator(exchange);
          usage.handle(exchange, parts[3], query(exchange.getRequestURI().getRawQuery()));
        }
        case "bundle" ->
            bundles.handle(
                exchange,
                callers.requireReader(exchange, parts[3]),
                query(exchange.getRequestURI().getRawQuery()));
        default -> throw GatewayException.notFound(path);
      }
    } else if (method.equals("POST")
        && parts.length == 5
        && path.startsWith("/v1/tasks/")
        && parts[4].equals("reports")) {
      reports.handle(exchange, callers.requireReader(exchange, parts[3]));
    } else if (reads && (path.startsWith("/v1/blobs/") || path.contains("/blobs/sha256:"))) {
      blobs.handle(exchange, query(exchange.getRequestURI().getRawQuery()));
    } else {
      throw GatewayException.notFound(path);
    }
  }

  private void refuse(HttpExchange exchange, GatewayException e) throws IOException {
    metrics
        .counter("llmaz.gateway.refusals", "status", Integer.toString(e.status()), "kind", e.kind())
        .increment();
    if (exchange.getResponseCode() != -1) {
      throw new IOException(e); // Headers are out: all that is left is to break off.
    }
    byte[] body =
        new ObjectMapper()
            .writeValueAsBytes(Map.of("kind", e.kind(), "message", String.valueOf(e.getMessage())));
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(e.status(), head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void text(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        int equal = pair.indexOf('=');
        if (equal > 0) {
          query.put(
              pair.substring(0, equal),
              URLDecoder.decode(pair.substring(equal + 1), StandardCharsets.UTF_8));
        }
      }
    }
    return query;
  }

  @Override
  public void close() {
    http.stop(GRACE_SECONDS);
    threads.shutdownNow();
    if (spool != null) {
      spool.close();
    }
    metrics.close();
  }
}
