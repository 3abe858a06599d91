package io.llmaz.gateway;

import static io.llmaz.gateway.TestingHub.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaz.source.BundleReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundleHandlerTest {
  @AutoClose private final TestingGateway gateway;

  BundleHandlerTest(@TempDir Path directory) throws IOException {
    gateway = new TestingGateway(directory);
  }

  @Test
  void bundle_ofATask_holdsEverySmallFileAndOnlyThose() throws Exception {
    HttpResponse<byte[]> answer = gateway.get("/v1/tasks/model-m/bundle", "reader");

    BundleReader bundle = new BundleReader(new ByteArrayInputStream(answer.body()));
    BundleReader.Entry entry = bundle.next().orElseThrow();
    assertThat(entry.path()).isEqualTo("small");
    assertThat(entry.content()).isEqualTo(SMALL);
    assertThat(bundle.next()).isEmpty();
  }

  @Test
  void bundle_ofManyReaders_costsTheHubOneRequest() throws Exception {
    for (int i = 0; i < 5; i++) {
      gateway.get("/v1/tasks/model-m/bundle", "reader");
    }

    assertThat(gateway.hubRequests()).isEqualTo(1);
  }

  @Test
  void bundle_withAWrongMaximum_saysWhat() throws Exception {
    HttpResponse<byte[]> answer = gateway.get("/v1/tasks/model-m/bundle?max=much", "reader");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(TestingGateway.text(answer)).contains("max is a number of bytes");
  }

  @Test
  void bundle_forWhoMayNot_isForbidden() throws Exception {
    assertThat(gateway.get("/v1/tasks/model-m/bundle", "stranger").statusCode()).isEqualTo(403);
  }
}
