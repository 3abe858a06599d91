package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.llmaz.dragonfly.EngineException.Reason;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineFailuresTest {
  private static final SeedAddress SEED = new SeedAddress("10.0.0.1", 4000);

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, UNAVAILABLE",
    "RESOURCE_EXHAUSTED, UNAVAILABLE",
    "DEADLINE_EXCEEDED, UNAVAILABLE",
    "CANCELLED, UNAVAILABLE",
    "INVALID_ARGUMENT, REFUSED",
    "PERMISSION_DENIED, REFUSED",
    "INTERNAL, FAILED",
    "UNKNOWN, FAILED"
  })
  void of_plainStatus_isItsReason(Status.Code code, Reason reason) {
    assertThat(map(code.toStatus(), new Metadata()).reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "backend error: 404 Not Found, 404",
    "download failed: backend error: 503 Service Unavailable, 503",
    "backend error: 429, 429"
  })
  void of_backendText_isTheSourcesStatus(String description, int status) {
    EngineException failure = map(Status.INTERNAL.withDescription(description), null);

    assertThat(failure.reason()).isEqualTo(Reason.SOURCE_FAILED);
    assertThat(failure.sourceStatus()).hasValue(status);
  }

  @Test
  void of_backendTextWithoutStatus_isSourceFailure() {
    EngineException failure =
        map(Status.INTERNAL.withDescription("backend error: connection refused"), null);

    assertThat(failure.reason()).isEqualTo(Reason.SOURCE_FAILED);
    assertThat(failure.sourceStatus()).isEqualTo(OptionalInt.empty());
  }

  @Test
  void of_backendDetails_winOverText() {
    Metadata details =
        TestingDfdaemon.details("{\"message\":\"no\",\"header\":{},\"status_code\":403}");

    EngineException failure = map(Status.INTERNAL.withDescription("it failed"), details);

    assertThat(failure.reason()).isEqualTo(Reason.SOURCE_FAILED);
    assertThat(failure.sourceStatus()).hasValue(403);
  }

  @ParameterizedTest
  @CsvSource({
    "'{', FAILED",
    "'[]', FAILED",
    "'\"x\"', FAILED",
    "'', FAILED",
    "'{\"a\":1}', FAILED"
  })
  void of_otherDetails_areNotTaken(String details, Reason reason) {
    assertThat(map(Status.INTERNAL, TestingDfdaemon.details(details)).reason()).isEqualTo(reason);
  }

  @Test
  void of_messageWithSignedLink_losesTheQuery() {
    EngineException failure =
        map(
            Status.INTERNAL.withDescription(
                "error sending request for url (http://gw/v1/blobs/x?exp=1&sig=secret) at all"),
            null);

    assertThat(failure.getMessage())
        .doesNotContain("secret")
        .contains("http://gw/v1/blobs/x?...)")
        .contains("10.0.0.1:4000");
  }

  private static EngineException map(
      Status status, @org.jspecify.annotations.Nullable Metadata trailers) {
    return EngineFailures.of(SEED, status, trailers, status.asRuntimeException());
  }
}
