package io.llmaz.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The proposal on a cluster of three nodes with everything real: Kubernetes, containerd, Dragonfly,
 * the chart. {@code e2e/test} tells the story and asserts; {@code e2e/README.md} explains it.
 */
@EnabledIf("packaged")
final class EndToEndIT {
  private static final String TEST = Program.HOME.resolve("e2e/test").toString();

  static boolean packaged() {
    return Stream.of("operator", "gateway", "scheduler", "loader", "nodesetup", "cli")
        .allMatch(Program::packaged);
  }

  @BeforeAll
  static void machineCanHaveACluster() throws Exception {
    Program.End check =
        Program.run(List.of(Program.HOME.resolve("e2e/cluster").toString(), "check"));
    assumeTrue(check.status() == 0, check.output());
  }

  @Test
  void stories_withAKilledGatewayAndMovedBranch_hold() throws Exception {
    Program.End end =
        Program.run(
            List.of(TEST, "--nodes", "3", "--mebibytes", "48", "--faults", "gateway,branch"));

    assertThat(end.status()).as(end.output()).isZero();
    System.out.println(end.output());
  }
}
