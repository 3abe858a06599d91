package io.llmaz.gateway;

import java.util.Optional;

/** The secrets of this process: who we are at hubs and registries. */
interface Credentials {
  /** The token for Hugging Face; empty for public access. */
  Optional<String> hubToken();

  /** {@code user:password} for a registry's host; empty for anonymous access. */
  Optional<String> registryAccount(String host);
}
