package io.llmaz.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NamesTest {

  @Test
  void imageTask_ofAReference_namesRepositoryAndHash() {
    assertThat(Names.imageTask("vllm/vllm-openai:v0.7.3", List.of("linux/amd64")))
        .matches("image-vllm-openai-[0-9a-f]{8}");
  }

  @Test
  void imageTask_ofAnotherTag_isAnotherName() {
    assertThat(Names.imageTask("a/b:1", List.of()))
        .isNotEqualTo(Names.imageTask("a/b:2", List.of()));
  }

  @Test
  void imageTask_ofAnotherPlatform_isAnotherName() {
    assertThat(Names.imageTask("a/b:1", List.of("linux/arm64")))
        .isNotEqualTo(Names.imageTask("a/b:1", List.of("linux/amd64")));
  }

  @Test
  void imageTask_ofALongRepository_fitsALabel() {
    assertThat(Names.imageTask("host/" + "x".repeat(200) + ":1", List.of())).hasSizeLessThan(64);
  }

  @Test
  void modelTask_ofALongName_fitsALabelAndStaysDistinct() {
    String one = Names.modelTask("m".repeat(62) + "a");
    String other = Names.modelTask("m".repeat(62) + "b");

    assertThat(one).hasSizeLessThan(64).isNotEqualTo(other);
  }
}
