package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class ContainerEnvironmentTest {
  private final PodObjects objects =
      new TestingPodObjects().withSecret("hub", "TOKEN", "t").withConfigMap("map", "KEY", "v");

  private final Pod pod =
      Serialization.unmarshal(
          """
          metadata: {name: p, namespace: ns, uid: u, labels: {app: x}}
          spec: {nodeName: n1, containers: []}
          """,
          Pod.class);

  private ContainerEnvironment environment() {
    return new ContainerEnvironment(objects, new PodFields(pod, "127.1.1.1", "127.1.1.2"));
  }

  private static Container container(String env) {
    return Serialization.unmarshal("name: c\nenv: [" + env + "]", Container.class);
  }

  @Test
  void of_valuesAndFields_areResolvedInOrder() throws ContainerProblem {
    assertThat(
            environment()
                .of(
                    container(
                        """
                        {name: IP, valueFrom: {fieldRef: {fieldPath: status.hostIP}}},
                        {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}},
                        {name: URL, value: "http://$(IP)/$(LATER)"},
                        {name: LATER, value: x},
                        {name: TOKEN, valueFrom: {secretKeyRef: {name: hub, key: TOKEN}}},
                        {name: MAP, valueFrom: {configMapKeyRef: {name: map, key: KEY}}},
                        {name: NONE, valueFrom: {secretKeyRef: {name: no, key: K, optional: true}}}
                        """)))
        .containsEntry("IP", "127.1.1.1")
        .containsEntry("LABEL", "x")
        .containsEntry("URL", "http://127.1.1.1/$(LATER)")
        .containsEntry("TOKEN", "t")
        .containsEntry("MAP", "v")
        .doesNotContainKey("NONE");
  }

  @Test
  void of_missingSecret_saysWhich() {
    Container container = container("{name: T, valueFrom: {secretKeyRef: {name: gone, key: K}}}");

    assertThatExceptionOfType(ContainerProblem.class)
        .isThrownBy(() -> environment().of(container))
        .withMessage("secret \"gone\" not found")
        .matches(e -> e.reason().equals("CreateContainerConfigError"));
  }

  @Test
  void of_missingKey_saysWhich() {
    Container container =
        container("{name: T, valueFrom: {configMapKeyRef: {name: map, key: NO}}}");

    assertThatExceptionOfType(ContainerProblem.class)
        .isThrownBy(() -> environment().of(container))
        .withMessage("no key \"NO\" in configmap \"map\"");
  }
}
