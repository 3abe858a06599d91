package io.llmaz.integration;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.llmaz.operator.Operator;
import io.llmaz.operator.config.OperatorConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An operator whose requests are counted, and whose writes may end after the n-th. */
final class TestingOperator implements AutoCloseable {
  private static final Path TOKEN = token();

  private final List<String> writes = new CopyOnWriteArrayList<>();
  private final List<String> reads = new CopyOnWriteArrayList<>();
  private final Map<String, Runnable> meanwhile = new ConcurrentHashMap<>();
  private volatile boolean refused;
  private final KubernetesClient client;
  private final Operator operator;

  private TestingOperator(TestingApi api, int allowedWrites) {
    client =
        new KubernetesClientBuilder()
            .withConfig(api.config())
            .withHttpClientFactory(new Counting(allowedWrites))
            .build();
    operator =
        new Operator(
            client,
            new OperatorConfig(
                "llmaz-system", 0, 0, "127.0.0.1", false, TOKEN, 1, 1, 1, Duration.ofHours(1)),
            "test",
            new SimpleMeterRegistry(),
            Clock.systemUTC());
    operator.start();
  }

  private static Path token() {
    try {
      Path token = Files.createTempFile("llmaz", ".token");
      token.toFile().deleteOnExit();
      return Files.writeString(token, "testing");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TestingOperator start(TestingApi api) {
    return new TestingOperator(api, Integer.MAX_VALUE);
  }

  /** One that dies, as far as the API server can see, before its write of this number plus one. */
  static TestingOperator dyingAfter(TestingApi api, int writes) {
    return new TestingOperator(api, writes);
  }

  /** What it wrote: method and path of each request that was let through. */
  List<String> writes() {
    return List.copyOf(writes);
  }

  /** What it read of single objects: lists and watches that fill caches do not count. */
  List<String> reads() {
    return List.copyOf(reads);
  }

  /** Whether it wanted to write more than it may. */
  boolean refused() {
    return refused;
  }

  /** Does something once, after the operator decided on a write and before it is let through. */
  void meanwhile(String write, Runnable action) {
    meanwhile.put(write, action);
  }

  void forget() {
    writes.clear();
    reads.clear();
  }

  @Override
  public void close() {
    operator.close();
    client.close();
  }

  private final class Counting implements HttpClient.Factory {
    private final HttpClient.Factory real = new JdkHttpClientFactory();
    private final int allowed;

    Counting(int allowed) {
      this.allowed = allowed;
    }

    @Override
    public HttpClient.Builder newBuilder() {
      HttpClient.Builder builder = real.newBuilder();
      builder.addOrReplaceInterceptor(
          "counting",
          new Interceptor() {
            @Override
            public void before(BasicBuilder request, HttpRequest sent, RequestTags tags) {
              note(sent);
              Optional.ofNullable(meanwhile.remove(sent.method() + " " + sent.uri().getPath()))
                  .ifPresent(Runnable::run);
            }
          });
      return builder;
    }

    private synchronized void note(HttpRequest sent) {
      String text = sent.method() + " " + sent.uri().getPath();
      if (sent.method().equals("GET")) {
        String query = String.valueOf(sent.uri().getQuery());
        if (!query.contains("resourceVersion") && !query.contains("watch")) {
          reads.add(text);
        }
        return;
      }
      if (writes.size() >= allowed) {
        refused = true;
        throw new IllegalStateException("the operator is dead");
      }
      writes.add(text);
    }
  }
}
