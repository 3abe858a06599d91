package io.llmaz.local.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;

class HostViewProperties {
  private final HostView view =
      new HostView(
          Map.of("/workspace/models/", Path.of("/pod/m"), "/workspace", Path.of("/pod/w")),
          "127.1.1.2");

  @Property
  void rewrite_pathBelowAMount_isBelowItsFolder(
      @ForAll @AlphaChars @StringLength(min = 1, max = 20) String name) {
    assertThat(view.rewrite("/workspace/models/" + name)).isEqualTo("/pod/m/" + name);
    assertThat(view.rewrite("--dir=/workspace/" + name + "x"))
        .isEqualTo("--dir=/pod/w/" + name + "x");
  }

  @Property
  void rewrite_pathThatOnlyBeginsLikeAMount_stays(
      @ForAll @AlphaChars @StringLength(min = 1, max = 20) String more) {
    assertThat(view.rewrite("/workspace" + more)).isEqualTo("/workspace" + more);
    assertThat(view.rewrite("http://" + more + "/workspace/x"))
        .isEqualTo("http://" + more + "/workspace/x");
  }

  @Property
  void rewrite_textWithoutPaths_stays(@ForAll @AlphaChars String text) {
    assertThat(view.rewrite(text)).isEqualTo(text);
  }

  @Example
  void rewrite_classPath_changesEachEntry() {
    assertThat(view.rewrite("/workspace/a.jar:/workspace/models/*"))
        .isEqualTo("/pod/w/a.jar:/pod/m/*");
  }

  @Example
  void rewrite_allAddresses_isThePodsOwn() {
    assertThat(view.rewrite("0.0.0.0")).isEqualTo("127.1.1.2");
    assertThat(view.rewrite("--host=0.0.0.0:8080")).isEqualTo("--host=127.1.1.2:8080");
    assertThat(view.rewrite("10.0.0.0")).isEqualTo("10.0.0.0");
  }

  @Example
  void new_mountOfTheRoot_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HostView(Map.of("/", Path.of("/pod")), "127.1.1.2"));
  }
}
