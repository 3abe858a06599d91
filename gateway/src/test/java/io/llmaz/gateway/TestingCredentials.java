package io.llmaz.gateway;

import io.llmaz.source.ObjectStoreKey;
import java.util.Optional;

/** One token, no accounts. */
record TestingCredentials(String token) implements Credentials {
  @Override
  public Optional<String> hubToken() {
    return Optional.of(token);
  }

  @Override
  public Optional<String> modelScopeToken() {
    return Optional.of(token);
  }

  @Override
  public Optional<ObjectStoreKey> objectStoreKey(StoreAccount account) {
    return Optional.of(new ObjectStoreKey(account.name(), token));
  }

  @Override
  public Optional<String> googleServiceAccount() {
    return Optional.empty();
  }

  @Override
  public Optional<String> registryAccount(String host) {
    return Optional.empty();
  }
}
