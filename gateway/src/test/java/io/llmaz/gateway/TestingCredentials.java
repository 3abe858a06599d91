package io.llmaz.gateway;

import java.util.Optional;

/** One token, no accounts. */
record TestingCredentials(String token) implements Credentials {
  @Override
  public Optional<String> hubToken() {
    return Optional.of(token);
  }

  @Override
  public Optional<String> registryAccount(String host) {
    return Optional.empty();
  }
}
