package io.llmaz.gateway;

import com.sun.net.httpserver.HttpExchange;
import io.llmaz.source.SourceException;

/** Who may ask what: the checks before any answer that is not behind a signed link. */
final class Callers {
  private static final String BEARER = "Bearer ";

  private final TaskStore tasks;
  private final Access access;

  Callers(TaskStore tasks, Access access) {
    this.tasks = tasks;
    this.access = access;
  }

  /**
   * Lets the operator pass.
   *
   * @throws GatewayException 401 or 403
   */
  void requireOperator(HttpExchange exchange) {
    Access.Caller caller = caller(exchange);
    if (!access.mayCreateTasks(caller)) {
      throw GatewayException.forbidden(caller.name() + " may not create P2PTasks");
    }
  }

  /**
   * The task, for who may read its bytes: who may {@code get} its OpenModel, and the operator.
   *
   * @throws GatewayException 401, 403, or 404 when there is no such task
   */
  GatewayTask requireReader(HttpExchange exchange, String name) {
    return requireReader(caller(exchange), name);
  }

  /** As {@link #requireReader(HttpExchange, String)}, for who is known already. */
  GatewayTask requireReader(Access.Caller caller, String name) {
    GatewayTask task =
        tasks.find(name).orElseThrow(() -> GatewayException.notFound("task " + name));
    boolean allowed =
        (task.model().isPresent() && access.mayReadModel(caller, task.model().get()))
            || access.mayCreateTasks(caller);
    if (!allowed) {
      throw GatewayException.forbidden(
          caller.name() + " may not get " + task.model().map(m -> "OpenModel " + m).orElse(name));
    }
    return task;
  }

  /**
   * Who asks.
   *
   * @throws GatewayException 401
   */
  Access.Caller caller(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.startsWith(BEARER)) {
      throw new GatewayException(401, SourceException.Kind.USER, "a bearer token is needed");
    }
    return access
        .authenticate(header.substring(BEARER.length()).trim())
        .orElseThrow(
            () -> new GatewayException(401, SourceException.Kind.USER, "the token is not valid"));
  }
}
