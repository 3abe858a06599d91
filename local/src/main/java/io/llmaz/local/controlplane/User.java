package io.llmaz.local.controlplane;

import java.util.List;

/** Who asks. */
record User(String name, List<String> groups) {
  /** The machine's owner: requests over loopback without credentials. */
  static final User ADMIN =
      new User("system:admin", List.of("system:masters", "system:authenticated"));

  User {
    groups = List.copyOf(groups);
  }

  /** A service account by its whole name, {@code system:serviceaccount:<namespace>:<name>}. */
  static User serviceAccount(String name) {
    String namespace = name.split(":", -1)[2];
    return new User(
        name,
        List.of(
            "system:serviceaccounts",
            "system:serviceaccounts:" + namespace,
            "system:authenticated"));
  }
}
