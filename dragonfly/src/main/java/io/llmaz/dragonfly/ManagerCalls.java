package io.llmaz.dragonfly;

import com.fasterxml.jackson.databind.JsonNode;
import io.llmaz.dragonfly.EngineException.Reason;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Requests to the manager's open API, repeated while it is away. The token is in no message: it is
 * checked here, because the HTTP client quotes headers that it cannot send. Safe for use by many
 * threads.
 */
final class ManagerCalls implements AutoCloseable {
  private static final String JOBS = "/oapi/v1/jobs";

  /** Nobody waits for an answer that is needed to begin as long as for one of a job under way. */
  private static final int TRIES_TO_BEGIN = 4;

  private static final int TRIES_TO_LOOK = 8;

  /** A manager that limits us (ten jobs a second, unless it is told otherwise) is not away. */
  private static final int TRIES_IN_A_QUEUE = 120;

  private static final long LONGEST_PAUSE_MILLIS = 15_000;

  private static final int PAUSES_IN_A_QUEUE = 3; // The third is at most a second.
  private static final int TOO_MANY_REQUESTS = 429;

  private static final class LimitedException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final ManagerEngineConfig config;
  private final HttpClient http;

  ManagerCalls(ManagerEngineConfig config) {
    this.config = config;
    this.http = ManagerTrust.client(config);
  }

  /**
   * Creates a job. When an answer is lost it may be created twice, which costs nothing: both make
   * one task.
   *
   * @param request its body
   */
  JsonNode create(JsonNode request) throws InterruptedException {
    HttpRequest.Builder post =
        HttpRequest.newBuilder(config.at(JOBS))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request.toString()));
    return call(post, TRIES_TO_BEGIN)
        .orElseThrow(() ->
            new EngineException(
                Reason.REFUSED,
                "the manager has no such scheduler cluster: " + config.schedulerClusters()));
  }

  /** A job; empty when the manager has it no more. */
  Optional<JsonNode> job(long id) throws InterruptedException {
    return call(HttpRequest.newBuilder(config.at(JOBS + "/" + id)), TRIES_TO_LOOK);
  }

  /** Whether it lets us see jobs. One round trip. */
  boolean answers() throws InterruptedException {
    try {
      return once(HttpRequest.newBuilder(config.at(JOBS + "?page=1&per_page=1"))).isPresent();
    } catch (EngineException | LimitedException e) {
      return false;
    }
  }

  private Optional<JsonNode> call(HttpRequest.Builder request, int tries)
      throws InterruptedException {
    int failures = 0;
    int limits = 0;
    while (true) {
      try {
        return once(request);
      } catch (EngineException e) {
        if (e.reason() != Reason.UNAVAILABLE || ++failures == tries) {
          throw e;
        }
      } catch (LimitedException e) {
        if (++limits == TRIES_IN_A_QUEUE) {
          throw new EngineException(Reason.UNAVAILABLE, "the manager limits us for too long");
        }
      }
      // A queue does not get shorter by longer pauses, so those are always of one length.
      Thread.sleep(pause(limits == 0 ? failures : PAUSES_IN_A_QUEUE));
    }
  }

  private Optional<JsonNode> once(HttpRequest.Builder request)
      throws InterruptedException, LimitedException {
    // The deadline of a request in the JDK's client ends with the headers; this one with the body.
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.setHeader("Authorization", "Bearer " + token()).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    try {
      HttpResponse<byte[]> response =
          answer.get(config.callDeadline().toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() == TOO_MANY_REQUESTS) {
        throw new LimitedException();
      }
      return ManagerAnswers.read(response.statusCode(), response.body());
    } catch (TimeoutException e) {
      throw away("was silent for " + config.callDeadline(), e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw away("does not answer: " + (cause == null ? e : cause), e);
    } finally {
      var _ = answer.cancel(true);
    }
  }

  private EngineException away(String what, Exception cause) {
    return new EngineException(
        Reason.UNAVAILABLE, "the manager at %s %s".formatted(config.address(), what), 0, cause);
  }

  private String token() {
    String token;
    try {
      token = Files.readString(config.tokenFile()).strip();
    } catch (IOException e) {
      throw new EngineException(
          Reason.REFUSED, "the token for the manager cannot be read: " + e, 0, e);
    }
    if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new EngineException(Reason.REFUSED, "there is no token in " + config.tokenFile());
    }
    return token;
  }

  private long pause(int failures) {
    long bound =
        Math.min(
            LONGEST_PAUSE_MILLIS, config.firstPause().toMillis() << Math.min(failures - 1, 10));
    return 1 + RandomGenerator.getDefault().nextLong(bound);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
