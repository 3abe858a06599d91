package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.dragonfly.EngineException.Reason;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager with a certificate of an authority that the JDK does not know. */
final class ManagerTrustTest {
  @Test
  void available_certificateOfTheAuthority_isTakenAndOfNobodyIsNot(@TempDir Path directory)
      throws Exception {
    TestingCertificates certificates = new TestingCertificates(directory);
    Path issued = certificates.issue("manager", "ip:127.0.0.1");
    try (TestingManager manager = TestingManager.secure(certificates.server("manager"));
        ManagerEngine known = engine(manager, directory, Optional.of(issued.resolve("ca.crt")));
        ManagerEngine unknown = engine(manager, directory, Optional.empty())) {
      assertThat(known.available()).isTrue();
      assertThat(unknown.available()).isFalse();
    }
  }

  @Test
  void start_authorityIsNotThere_saysSo(@TempDir Path directory) throws Exception {
    try (TestingManager manager = new TestingManager()) {
      assertThatThrownBy(() -> engine(manager, directory, Optional.of(directory.resolve("ca.crt"))))
          .isInstanceOfSatisfying(
              EngineException.class,
              failure -> assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE))
          .hasMessageContaining("ca.crt");
    }
  }

  private static ManagerEngine engine(
      TestingManager manager, Path directory, Optional<Path> authority) throws Exception {
    return ManagerEngine.start(
        ManagerEngineConfig.of(
            manager.address(),
            Files.writeString(directory.resolve("token"), TestingManager.TOKEN),
            authority,
            List.of(),
            URI.create("http://gateway")));
  }
}
