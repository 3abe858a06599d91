package io.llmaz.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one account asked of an API server, by the server's own <a
 * href="https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/">audit log</a>: the very
 * attributes that RBAC decides on.
 */
final class AuditLog {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - {level: Metadata, users: ["%s"]}
      - {level: None}
      """;

  private final Path log;
  private final Path policy;

  /**
   * A log in a folder.
   *
   * @param user whose requests are written down
   */
  AuditLog(Path folder, String user) throws IOException {
    log = folder.resolve("audit.log");
    policy = Files.writeString(folder.resolve("audit-policy.yaml"), POLICY.formatted(user));
  }

  /** What the API server must be started with. */
  List<String> flags() {
    return List.of("--audit-policy-file=" + policy, "--audit-log-path=" + log);
  }

  /** Each {@code verb group/resource[/subresource]} that was allowed. */
  Set<String> allowed() throws IOException {
    return requests(true);
  }

  /** The same, of what was refused for want of a right. */
  Set<String> refused() throws IOException {
    return requests(false);
  }

  private Set<String> requests(boolean allowed) throws IOException {
    Set<String> requests = new TreeSet<>();
    for (String line : Files.readAllLines(log)) {
      JsonNode event = JSON.readTree(line);
      JsonNode object = event.path("objectRef");
      int code = event.at("/responseStatus/code").asInt();
      // Discovery and health have no object; everybody may ask for them.
      if (!object.has("resource") || (code == 403) == allowed) {
        continue;
      }
      String part = object.path("subresource").asText("");
      String what =
          object.path("apiGroup").asText("")
              + "/"
              + object.path("resource").asText()
              + (part.isEmpty() ? "" : "/" + part);
      requests.add(event.path("verb").asText() + " " + what);
      if (event.path("verb").asText().equals("patch") && code == 201) {
        // An apply that makes the object needs both rights.
        requests.add("create " + what);
      }
    }
    return requests;
  }
}
