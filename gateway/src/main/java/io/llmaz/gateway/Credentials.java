package io.llmaz.gateway;

import io.llmaz.source.ObjectStoreKey;
import java.util.Optional;

/** The secrets of this process: who we are at hubs and registries. */
interface Credentials {
  /** The token for Hugging Face; empty for public access. */
  Optional<String> hubToken();

  /** The token for ModelScope; empty for public access. */
  Optional<String> modelScopeToken();

  /** The access key of an object store; empty for public buckets. */
  Optional<ObjectStoreKey> objectStoreKey(StoreAccount account);

  /** The key file of a Google service account; empty where HMAC keys are used, or none. */
  Optional<String> googleServiceAccount();

  /** Whose key. */
  enum StoreAccount {
    /** S3 and, as in llmaz, Google Cloud Storage. */
    AWS,
    /** Alibaba's object store. */
    OSS
  }

  /** {@code user:password} for a registry's host; empty for anonymous access. */
  Optional<String> registryAccount(String host);
}
