package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {

  @ParameterizedTest
  @CsvSource({
    "busybox,registry-1.docker.io,library/busybox,latest",
    "vllm/vllm-openai:v0.7.3,registry-1.docker.io,vllm/vllm-openai,v0.7.3",
    "docker.io/a/b,registry-1.docker.io,a/b,latest",
    "ghcr.io/ggerganov/llama.cpp:server,ghcr.io,ggerganov/llama.cpp,server",
    "127.0.0.1:5000/llmaz/runner:v1,127.0.0.1:5000,llmaz/runner,v1",
    "localhost/x:1,localhost,x,1",
  })
  void parse_names_areMadeFull(String text, String registry, String repository, String reference)
      throws ContainerProblem {
    assertThat(ImageName.parse(text)).isEqualTo(new ImageName(registry, repository, reference));
  }

  @Test
  void parse_digest_winsOverTag() throws ContainerProblem {
    String digest = "sha256:" + "a".repeat(64);

    assertThat(ImageName.parse("x.io/y:tag@" + digest).reference()).isEqualTo(digest);
  }

  @Test
  void registryAddress_loopback_isPlainHttp() throws ContainerProblem {
    assertThat(ImageName.parse("127.0.0.1:5000/x").registryAddress())
        .hasToString("http://127.0.0.1:5000");
    assertThat(ImageName.parse("ghcr.io/x").registryAddress()).hasToString("https://ghcr.io");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "UPPER/case", "a b", "x:", "x@sha256:12", "../x"})
  void parse_nonsense_isInvalid(String text) {
    assertThatExceptionOfType(ContainerProblem.class)
        .isThrownBy(() -> ImageName.parse(text))
        .matches(e -> e.reason().equals("InvalidImageName"));
  }
}
