package io.llmaz.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@EnabledIf("io.llmaz.parts.KubeControllerManager#installed")
class KubeApiServerIT {
  @Test
  void start_withItsControllers_answersToTheAdministratorOnly(@TempDir Path directory)
      throws Exception {
    try (KubeApiServer server = new KubeApiServer(directory);
        KubeControllerManager controllers = new KubeControllerManager(directory, server)) {
      String namespaces = server.address() + "/api/v1/namespaces";

      assertThat(HttpsProbe.answers(namespaces, server.certificate(), server.token())).isTrue();
      assertThat(HttpsProbe.answers(namespaces, server.certificate(), "another")).isFalse();
    }
  }
}
