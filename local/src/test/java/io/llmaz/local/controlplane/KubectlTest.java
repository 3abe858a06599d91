package io.llmaz.local.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stock kubectl against the embedded control plane; skipped where there is none. */
final class KubectlTest {
  private static final String MODEL =
      """
      apiVersion: llmaz.io/v1alpha1
      kind: OpenModel
      metadata: {name: %s}
      spec: {familyName: f, source: {modelHub: {modelID: a/b}}}
      """;

  @TempDir static Path directory;
  private static ControlPlane controlPlane;

  record Output(int exit, String text) {}

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl"))),
        "no kubectl on the PATH");
    controlPlane = TestingControlPlane.start();
    Files.writeString(directory.resolve("kubeconfig"), controlPlane.kubeconfig());
  }

  @AfterAll
  static void stop() {
    if (controlPlane != null) {
      controlPlane.close();
    }
  }

  @Test
  void apply_clientSideCreateThenUpdate_works() throws Exception {
    Path file = file("apply.yaml", MODEL.formatted("applied"));
    assertThat(kubectl("apply", "-f", file.toString()).text()).contains("created");
    Files.writeString(file, Files.readString(file).replace("a/b", "a/c"));
    assertThat(kubectl("apply", "-f", file.toString()).text()).contains("configured");
    assertThat(kubectl("apply", "-f", file.toString()).text()).contains("unchanged");
  }

  @Test
  void apply_serverSide_works() throws Exception {
    Path file = file("ssa.yaml", MODEL.formatted("served"));
    assertThat(kubectl("apply", "--server-side", "-f", file.toString()).text())
        .contains("serverside-applied");
  }

  @Test
  void apply_unknownField_isRefusedByName() throws Exception {
    Path file =
        file(
            "strict.yaml",
            MODEL.formatted("strict").replace("familyName", "famlyName: x, familyName"));
    Output output = kubectl("apply", "-f", file.toString());
    assertThat(output.exit()).isNotZero();
    assertThat(output.text()).contains("unknown field \"spec.famlyName\"");
  }

  @Test
  void apply_builtInKindTwice_patchesStrategically() throws Exception {
    String yaml =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: c}
        data: {k: v}
        """;
    Path file = file("configmap.yaml", yaml);
    assertThat(kubectl("apply", "-f", file.toString()).text()).contains("created");
    Files.writeString(file, yaml.replace("k: v", "k: w"));
    assertThat(kubectl("apply", "-f", file.toString()).text()).contains("configured");
    assertThat(kubectl("get", "cm", "c", "-o", "jsonpath={.data.k}").text()).isEqualTo("w");
  }

  @Test
  void get_customKind_printsItsColumns() throws Exception {
    kubectl("apply", "-f", file("get.yaml", MODEL.formatted("listed")).toString());
    assertThat(kubectl("get", "om").text())
        .contains("OWNEDBY")
        .contains("MODELID")
        .containsPattern("listed +llmaz +\\d+s +Huggingface +a/b");
  }

  @Test
  void describe_patchWaitAndDelete_work() throws Exception {
    kubectl("apply", "-f", file("life.yaml", MODEL.formatted("life")).toString());
    assertThat(kubectl("describe", "om", "life").text()).contains("Family Name:");
    assertThat(
            kubectl(
                    "patch",
                    "om",
                    "life",
                    "--subresource=status",
                    "--type=merge",
                    "-p",
                    "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
                        + "\"reason\":\"Ready\",\"message\":\"m\","
                        + "\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}]}}")
                .exit())
        .isZero();
    assertThat(kubectl("wait", "om/life", "--for=condition=Ready", "--timeout=5s").text())
        .contains("condition met");
    assertThat(kubectl("delete", "om", "life").text()).contains("deleted");
    assertThat(kubectl("get", "om", "life").text()).contains("NotFound");
  }

  @Test
  void explain_aField_printsItsDescription() throws Exception {
    assertThat(kubectl("explain", "p2ptask.spec.fallback").text()).contains("loaders download");
  }

  @Test
  void scale_aPlayground_works() throws Exception {
    kubectl(
        "apply",
        "-f",
        file(
                "playground.yaml",
                """
                apiVersion: inference.llmaz.io/v1alpha1
                kind: Playground
                metadata: {name: p}
                spec: {modelClaim: {modelName: m}}
                """)
            .toString());
    assertThat(kubectl("scale", "playground/p", "--replicas=4").text()).contains("scaled");
    assertThat(kubectl("get", "pl", "p", "-o", "jsonpath={.spec.replicas}").text()).isEqualTo("4");
  }

  private static Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private static Output kubectl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", directory.resolve("kubeconfig").toString());
    builder.environment().put("HOME", directory.toString());
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(process.waitFor(), text);
  }
}
