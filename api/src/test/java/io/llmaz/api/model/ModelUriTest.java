package io.llmaz.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelUriTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "s3://", "://bucket", "s3:/bucket", "s3://a://b", "bucket/path"})
  void parse_notOfTheForm_isRefusedAndNeverDistributed(String uri) {
    assertThatThrownBy(() -> ModelUri.parse(uri)).hasMessageContaining("wrong format");
    assertThat(new ModelSource(null, uri).distributable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://b/p", "S3://b/p", "gcs://b", "oss://b.endpoint/p"})
  void distributable_anObjectStore_isReadByTheGateway(String uri) {
    assertThat(new ModelSource(null, uri).distributable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"host:///models", "ollama://llama3", "ftp://h/p"})
  void distributable_others_areNot(String uri) {
    assertThat(new ModelSource(null, uri).distributable()).isFalse();
  }

  @Test
  void distributable_withoutASource_isNot() {
    assertThat(new ModelSource(null, null).distributable()).isFalse();
  }
}
