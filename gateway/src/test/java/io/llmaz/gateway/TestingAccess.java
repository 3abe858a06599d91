package io.llmaz.gateway;

import java.util.List;
import java.util.Optional;

/** A caller's token is its name; the reader may get models, the operator everything. */
final class TestingAccess implements Access {
  @Override
  public Optional<Caller> authenticate(String token) {
    return token.isEmpty()
        ? Optional.empty()
        : Optional.of(new Caller(token, List.of(), Optional.of("pod of " + token)));
  }

  @Override
  public boolean mayReadModel(Caller caller, String model) {
    return caller.name().equals("reader");
  }

  @Override
  public boolean mayCreateTasks(Caller caller) {
    return caller.name().equals("operator");
  }
}
