package io.llmaz.source;

import java.net.URI;
import java.time.Instant;
import java.util.Map;

/** Makes requests to an object store those of an account. */
public interface ObjectStoreSigner {
  /**
   * The headers of a GET, with those that show whose it is. They hold secrets.
   *
   * @param headers of the request so far
   * @throws SourceException when the account cannot be used
   */
  Map<String, String> headers(URI uri, Map<String, String> headers, Instant now);

  /** By an access key: AWS Signature Version 4. */
  static ObjectStoreSigner of(ObjectStoreKey key, String region) {
    return new SigV4(key, region);
  }
}
