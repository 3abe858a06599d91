package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportHandlerTest {
  @AutoClose private final TestingGateway gateway;

  ReportHandlerTest(@TempDir Path directory) throws IOException {
    gateway = new TestingGateway(directory);
  }

  @Test
  void report_ofAReader_isRecordedWithoutSecrets() throws Exception {
    HttpResponse<byte[]> answer =
        gateway.post(
            "/v1/tasks/model-m/reports",
            "{\"reason\": \"Loaded\", \"message\": \"from http://g/?task=t&sig=secret\","
                + " \"instance\": \"pod-1\"}",
            "reader");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(gateway.reports())
        .containsExactly(new Report(false, "Loaded", "from http://g/?task=t&sig=...", "pod-1"));
  }

  @Test
  void report_ofAStranger_isForbidden() throws Exception {
    String report = "{\"reason\": \"Loaded\", \"message\": \"m\"}";

    assertThat(gateway.post("/v1/tasks/model-m/reports", report, "stranger").statusCode())
        .isEqualTo(403);
    assertThat(gateway.reports()).isEmpty();
  }

  @Test
  void report_tooLargeOrMalformed_isRefused() throws Exception {
    String path = "/v1/tasks/model-m/reports";

    assertThat(gateway.post(path, "x".repeat(9000), "reader").statusCode()).isEqualTo(413);
    assertThat(gateway.post(path, "{\"reason\": \"two words\"}", "reader").statusCode())
        .isEqualTo(400);
    assertThat(gateway.reports()).isEmpty();
  }

  @Test
  void report_afterManyInAnHour_isTakenAndDropped() throws Exception {
    String report = "{\"reason\": \"Loaded\", \"message\": \"m\"}";
    int status = 0;
    for (int i = 0; i <= ReportHandler.AN_HOUR; i++) {
      status = gateway.post("/v1/tasks/model-m/reports", report, "reader").statusCode();
    }

    assertThat(status).isEqualTo(202);
    assertThat(gateway.reports()).hasSize(ReportHandler.AN_HOUR);
  }
}
