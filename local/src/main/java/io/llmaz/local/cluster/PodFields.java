package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The downward API: fields of a pod by their path.
 *
 * @param pod the pod as the API server has it
 * @param hostAddress its node's address
 * @param podAddress its own
 */
record PodFields(Pod pod, String hostAddress, String podAddress) {
  private static final Pattern KEYED =
      Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

  String value(String path) throws ContainerProblem {
    Matcher keyed = KEYED.matcher(path);
    if (keyed.matches()) {
      Map<String, String> map =
          keyed.group(1).equals("labels")
              ? pod.getMetadata().getLabels()
              : pod.getMetadata().getAnnotations();
      return Objects.requireNonNullElse(map, Map.<String, String>of())
          .getOrDefault(keyed.group(2), "");
    }
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "spec.nodeName" -> pod.getSpec().getNodeName();
      case "spec.serviceAccountName" ->
          Objects.requireNonNullElse(pod.getSpec().getServiceAccountName(), "default");
      case "status.hostIP", "status.hostIPs" -> hostAddress;
      case "status.podIP", "status.podIPs" -> podAddress;
      default -> throw ContainerProblem.config("unknown field of a pod: " + path);
    };
  }
}
