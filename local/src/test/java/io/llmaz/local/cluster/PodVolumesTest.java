package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodVolumesTest {
  @TempDir Path folder;

  private PodVolumes volumes(Pod pod) {
    PodObjects objects = new TestingPodObjects().withSecret("s", "key", "secret value");
    return new PodVolumes(folder, objects, new PodFields(pod, "127.1.1.1", "127.1.1.2"));
  }

  private static Pod pod(String volumes, String mounts) {
    return Serialization.unmarshal(
        """
        metadata: {name: p, namespace: ns, uid: u}
        spec:
          serviceAccountName: runner
          volumes: [%s]
          containers: [{name: c, volumeMounts: [%s]}]
        """
            .formatted(volumes, mounts),
        Pod.class);
  }

  @Test
  void prepare_projectedToken_isFreshAtEachStart() throws Exception {
    PodVolumes volumes =
        volumes(
            pod(
                "{name: t, projected: {sources: [{serviceAccountToken:"
                    + " {audience: llmaz-gateway, path: token}}]}}",
                ""));
    Path token = folder.resolve("t/token");

    volumes.prepare();
    assertThat(token).hasContent("token 1 of runner for llmaz-gateway");
    volumes.prepare();
    assertThat(token).hasContent("token 2 of runner for llmaz-gateway");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
  }

  @Test
  void prepare_secret_isAFileForEachKey() throws Exception {
    volumes(pod("{name: s, secret: {secretName: s}}", "")).prepare();

    assertThat(folder.resolve("s/key")).hasContent("secret value");
  }

  @Test
  void prepare_missingSecret_saysWhich() {
    PodVolumes volumes = volumes(pod("{name: s, secret: {secretName: gone}}", ""));

    assertThatExceptionOfType(ContainerProblem.class)
        .isThrownBy(volumes::prepare)
        .withMessage("secret \"gone\" not found");
  }

  @Test
  void prepare_twice_keepsWhatIsInAnEmptyDir() throws Exception {
    PodVolumes volumes = volumes(pod("{name: e, emptyDir: {}}", ""));
    volumes.prepare();
    Files.writeString(folder.resolve("e/half"), "x");

    volumes.prepare();

    assertThat(folder.resolve("e/half")).hasContent("x");
  }

  @Test
  void mounts_subPathAndHostPath_leadToTheirFolders() throws Exception {
    Pod pod =
        pod(
            "{name: e, emptyDir: {}}, {name: h, hostPath: {path: /host/models}}",
            "{name: e, mountPath: /data, subPath: in/side}, {name: h, mountPath: /models}");

    assertThat(volumes(pod).mounts(pod.getSpec().getContainers().getFirst()))
        .containsEntry("/data", folder.resolve("e/in/side"))
        .containsEntry("/models", Path.of("/host/models"));
  }

  @Test
  void mounts_unknownVolume_saysWhich() {
    Pod pod = pod("", "{name: no, mountPath: /x}");

    assertThatExceptionOfType(ContainerProblem.class)
        .isThrownBy(() -> volumes(pod).mounts(pod.getSpec().getContainers().getFirst()))
        .withMessage("no volume \"no\" to mount");
  }
}
