package io.llmaz.source;

/**
 * An access key of an object store.
 *
 * @param id public part
 * @param secret never written anywhere
 */
public record ObjectStoreKey(String id, String secret) {
  public ObjectStoreKey {
    if (id.isBlank() || secret.isBlank()) {
      throw new IllegalArgumentException("an access key has an id and a secret");
    }
  }

  @Override
  public String toString() {
    return "ObjectStoreKey[" + id + "]";
  }
}
