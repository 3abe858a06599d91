package io.llmaz.gateway;

import java.util.Optional;

/** Where tasks and their manifests are kept. */
interface TaskStore {
  /** A task with its manifest; empty as long as one of them is missing. */
  Optional<GatewayTask> find(String name);
}
