package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.llmaz.parts.KubeApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The chart on a real API server, and what its roles let one account do, beside what that did. */
final class ChartRights {
  static final String NAMESPACE = "llmaz-system";

  private final KubeApiServer server;
  private final KubernetesClient client;
  private final String account;

  ChartRights(KubeApiServer server, KubernetesClient client, String account) {
    this.server = server;
    this.client = client;
    this.account = account;
  }

  /** The user that an account is to an API server. */
  static String user(String account) {
    return "system:serviceaccount:" + NAMESPACE + ":" + account;
  }

  /** Installs it. */
  void install(String values) throws IOException, InterruptedException {
    var _ =
        Helm.run(
            0,
            List.of(
                "install",
                "llmaz",
                Helm.CHART.toString(),
                "--create-namespace",
                "--set=" + values,
                "--kubeconfig=" + server.kubeconfig(),
                "--namespace=" + NAMESPACE));
  }

  /** A token of an account, for the API server and for whoever asks it. */
  String token(String of) {
    return client
        .serviceAccounts()
        .inNamespace(NAMESPACE)
        .withName(of)
        .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
        .getStatus()
        .getToken();
  }

  /** A kubeconfig of the account. */
  Path kubeconfig(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve(account + ".kubeconfig"),
        Files.readString(server.kubeconfig()).replace(server.token(), token(account)));
  }

  /** Each {@code verb group/resource} of every role that is bound to the account by name. */
  Set<String> rules() {
    Stream<PolicyRule> everywhere =
        client.rbac().clusterRoleBindings().list().getItems().stream()
            .filter(binding ->
                binding.getSubjects().stream().anyMatch(s -> account.equals(s.getName())))
            .flatMap(binding ->
                client
                    .rbac()
                    .clusterRoles()
                    .withName(binding.getRoleRef().getName())
                    .require()
                    .getRules()
                    .stream());
    Stream<PolicyRule> inNamespaces =
        client.rbac().roleBindings().inAnyNamespace().list().getItems().stream()
            .filter(binding ->
                binding.getSubjects().stream().anyMatch(s -> account.equals(s.getName())))
            .flatMap(binding ->
                client
                    .rbac()
                    .roles()
                    .inNamespace(binding.getMetadata().getNamespace())
                    .withName(binding.getRoleRef().getName())
                    .require()
                    .getRules()
                    .stream());
    return Stream.concat(everywhere, inNamespaces)
        .flatMap(ChartRights::requests)
        .collect(Collectors.toSet());
  }

  /** Fails unless what was asked and what is allowed are the same. */
  static void compare(Set<String> rules, AuditLog audit, Set<String> withoutACall)
      throws IOException {
    assertThat(audit.refused()).as("missing in the chart").isEmpty();
    Set<String> superfluous = new TreeSet<>(rules);
    superfluous.removeAll(audit.allowed());
    superfluous.removeAll(withoutACall);
    assertThat(superfluous).as("nobody needs").isEmpty();
    Set<String> unknown = new TreeSet<>(audit.allowed());
    unknown.removeAll(rules);
    // Kubernetes lets every account ask what it may.
    unknown.remove("create authorization.k8s.io/selfsubjectrulesreviews");
    assertThat(unknown).as("allowed by another role").isEmpty();
  }

  private static Stream<String> requests(PolicyRule rule) {
    return rule.getVerbs().stream()
        .flatMap(verb ->
            rule.getApiGroups().stream()
                .flatMap(group ->
                    rule.getResources().stream()
                        .map(resource -> verb + " " + group + "/" + resource)));
  }
}
