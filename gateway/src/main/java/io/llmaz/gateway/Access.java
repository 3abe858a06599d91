package io.llmaz.gateway;

import java.util.List;
import java.util.Optional;

/** Who asks, and what they may. */
interface Access {
  /**
   * A caller that was authenticated.
   *
   * @param pod uid of the pod whose token it is; empty for others, and where the API server does
   *     not say it
   */
  record Caller(String name, List<String> groups, Optional<String> pod) {
    public Caller {
      groups = List.copyOf(groups);
    }
  }

  /** Whose bearer token it is; empty when it is nobody's. */
  Optional<Caller> authenticate(String token);

  /** Whether the caller may {@code get} an OpenModel. */
  boolean mayReadModel(Caller caller, String model);

  /** Whether the caller may create P2PTasks: the operator. */
  boolean mayCreateTasks(Caller caller);
}
