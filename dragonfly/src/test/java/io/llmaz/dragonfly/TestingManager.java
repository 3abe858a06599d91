package io.llmaz.dragonfly;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Dragonfly's manager as far as its open API goes. It says what the real one said (the files below
 * {@code manager}, of version 2.5.1), in the order that a test gives, and keeps in mind what the
 * real one would not have taken.
 */
final class TestingManager implements AutoCloseable {
  static final String TOKEN = "s3cret-token";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JOBS = "/oapi/v1/jobs";
  private static final Set<String> FIELDS = Set.of("type", "args", "scheduler_cluster_ids");
  private static final Map<String, Set<String>> ARGUMENTS =
      Map.of(
          "preheat",
          Set.of(
              "type",
              "url",
              "tag",
              "filtered_query_params",
              "scope",
              "timeout",
              "count",
              "headers"),
          "get_task",
          Set.of("task_id"),
          "delete_task",
          Set.of("task_id"));

  /** An answer that is no job. */
  record Answer(int status, String body) {}

  private static final class Job {
    final JsonNode request;
    final List<String> looks;
    int next;

    Job(JsonNode request, List<String> looks) {
      this.request = request;
      this.looks = looks;
    }
  }

  /** Bodies of the requests that created jobs. */
  final List<JsonNode> created = new CopyOnWriteArrayList<>();

  /** What the real one would have refused. */
  final List<String> complaints = new CopyOnWriteArrayList<>();

  final AtomicInteger requests = new AtomicInteger();

  private final BlockingDeque<List<String>> scripts = new LinkedBlockingDeque<>();
  private final BlockingDeque<Answer> answers = new LinkedBlockingDeque<>();
  private final Map<Integer, Job> jobs = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final String scheme;
  private volatile boolean silent;
  private volatile boolean forgetful;

  TestingManager() throws IOException {
    this(HttpServer.create(), "http");
  }

  /** One that shows a certificate. */
  static TestingManager secure(SSLContext context) throws IOException {
    HttpsServer server = HttpsServer.create();
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new TestingManager(server, "https");
  }

  private TestingManager(HttpServer server, String scheme) throws IOException {
    this.server = server;
    this.scheme = scheme;
    server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What is seen of the next job, look by look; the last is seen again and again. */
  void nextJob(String... looks) {
    scripts.add(List.of(looks));
  }

  /** Answers the next request with this, whatever it is. */
  void nextAnswer(int status, String body) {
    answers.add(new Answer(status, body));
  }

  /** Takes requests and says nothing. */
  void silence() {
    silent = true;
  }

  /** Looks at no job any more, as after a restart. */
  void forgetJobs() {
    forgetful = true;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (silent) {
        closed.await();
        return;
      }
      Answer answer = answers.poll();
      if (answer == null) {
        answer = answer(exchange, body);
      }
      byte[] text = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), text.length == 0 ? -1 : text.length);
      exchange.getResponseBody().write(text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer answer(HttpExchange exchange, byte[] body) throws IOException {
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      return new Answer(401, "{\"message\":\"Unauthorized\"}");
    }
    String path = exchange.getRequestURI().getPath();
    boolean posts = exchange.getRequestMethod().equals("POST");
    if (path.equals(JOBS)) {
      return posts ? create(JSON.readTree(body)) : new Answer(200, "[]");
    }
    if (path.startsWith(JOBS + "/") && !posts) {
      Job job = jobs.get(Integer.parseInt(path.substring(JOBS.length() + 1)));
      return job == null
          ? new Answer(404, "{\"message\":\"record not found\"}")
          : look(path.substring(JOBS.length() + 1), job);
    }
    complaints.add(exchange.getRequestMethod() + " " + path);
    return new Answer(301, "<a href=\"/\">Moved Permanently</a>.");
  }

  private Answer create(JsonNode request) {
    created.add(request);
    Set<String> known = ARGUMENTS.getOrDefault(request.path("type").asText(), Set.of());
    if (known.isEmpty()) {
      complaints.add("type of " + request);
      return new Answer(422, "{\"errors\":\"Unknow type\"}");
    }
    request.fieldNames().forEachRemaining(name -> complain(FIELDS, name, request));
    request.path("args").fieldNames().forEachRemaining(name -> complain(known, name, request));
    if (!request.path("args").path("timeout").isIntegralNumber()
        && request.path("type").asText().equals("preheat")) {
      complaints.add("timeout of " + request);
    }
    int id = jobs.size() + 1;
    Job job = new Job(request, Objects.requireNonNullElse(scripts.poll(), List.of("done")));
    jobs.put(id, job);
    return new Answer(200, recorded("created", Integer.toString(id), job));
  }

  private void complain(Set<String> known, String name, JsonNode request) {
    if (!known.contains(name)) {
      complaints.add(name + " of " + request);
    }
  }

  private synchronized Answer look(String id, Job job) {
    String what = job.looks.get(Math.min(job.next, job.looks.size() - 1));
    job.next++;
    return what.equals("gone")
        ? new Answer(404, "{\"message\":\"record not found\"}")
        : new Answer(200, recorded(what, id, job));
  }

  /** One that was recorded; two states come from a recorded one by a word. */
  private String recorded(String what, String id, Job job) {
    return switch (what) {
      case "started" ->
          fill("pending", id, job)
              .replace(
                  "\"state\": \"PENDING\",\n    \"task_name\"",
                  "\"state\": \"STARTED\",\n    \"task_name\"");
      case "abandoned" ->
          fill("pending", id, job).replaceFirst("\"state\": \"PENDING\"", "\"state\": \"FAILURE\"");
      default -> fill(what, id, job);
    };
  }

  private String fill(String what, String id, Job job) {
    JsonNode arguments = job.request.path("args");
    return resource(what)
        .replace("1000001", id)
        .replace("UPDATED", "2026-11-28T09:47:11." + (forgetful ? 0 : job.next) + "Z")
        .replace("URL", arguments.path("url").asText())
        .replace("TAG", arguments.path("tag").asText())
        .replace("TASK", arguments.path("task_id").asText());
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            TestingManager.class.getResourceAsStream("/manager/" + name + ".json"), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
