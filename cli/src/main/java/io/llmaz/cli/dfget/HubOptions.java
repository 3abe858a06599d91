package io.llmaz.cli.dfget;

import io.llmaz.dragonfly.api.common.HuggingFace;
import io.llmaz.dragonfly.api.common.ModelScope;
import io.llmaz.dragonfly.api.common.OpenCSG;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** dfget's options for {@code hf://}, {@code modelscope://} and {@code opencsg://}. */
final class HubOptions {
  @Option(
      names = "--hf-revision",
      defaultValue = "${env:DFGET_HF_REVISION:-main}",
      description = "Branch, tag or commit on Hugging Face (default: ${DEFAULT-VALUE}).")
  String hfRevision = "main";

  @Option(
      names = "--hf-token",
      defaultValue = "${env:DFGET_HF_TOKEN:-}",
      description = "Better as DFGET_HF_TOKEN, as all secrets: arguments are visible.")
  String hfToken = "";

  @Option(
      names = "--hf-base-url",
      defaultValue = "${env:DFGET_HF_BASE_URL:-}",
      description = "A mirror of Hugging Face.")
  String hfBaseUrl = "";

  @Option(
      names = "--ms-revision",
      defaultValue = "${env:DFGET_MS_REVISION:-master}",
      description = "Branch, tag or commit on ModelScope (default: ${DEFAULT-VALUE}).")
  String msRevision = "master";

  @Option(names = "--ms-token", defaultValue = "${env:DFGET_MS_TOKEN:-}")
  String msToken = "";

  @Option(names = "--ms-base-url", defaultValue = "${env:DFGET_MS_BASE_URL:-}")
  String msBaseUrl = "";

  @Option(
      names = "--csg-revision",
      defaultValue = "${env:DFGET_CSG_REVISION:-main}",
      description = "Branch, tag or commit on OpenCSG (default: ${DEFAULT-VALUE}).")
  String csgRevision = "main";

  @Option(names = "--csg-token", defaultValue = "${env:DFGET_CSG_TOKEN:-}")
  String csgToken = "";

  @Option(names = "--csg-base-url", defaultValue = "${env:DFGET_CSG_BASE_URL:-}")
  String csgBaseUrl = "";

  HuggingFace huggingFace() {
    HuggingFace.Builder hub = HuggingFace.newBuilder().setRevision(hfRevision);
    Given.of(hfToken, hub::setToken);
    Given.of(hfBaseUrl, hub::setBaseUrl);
    return hub.build();
  }

  ModelScope modelScope() {
    ModelScope.Builder hub = ModelScope.newBuilder().setRevision(msRevision);
    Given.of(msToken, hub::setToken);
    Given.of(msBaseUrl, hub::setBaseUrl);
    return hub.build();
  }

  OpenCSG openCsg() {
    OpenCSG.Builder hub = OpenCSG.newBuilder().setRevision(csgRevision);
    Given.of(csgToken, hub::setToken);
    Given.of(csgBaseUrl, hub::setBaseUrl);
    return hub.build();
  }

  List<String> secrets() {
    return List.of(hfToken, msToken, csgToken);
  }

  /** The same as variables of dfget. */
  Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("DFGET_HF_REVISION", hfRevision);
    variables.put("DFGET_HF_TOKEN", hfToken);
    variables.put("DFGET_HF_BASE_URL", hfBaseUrl);
    variables.put("DFGET_MS_REVISION", msRevision);
    variables.put("DFGET_MS_TOKEN", msToken);
    variables.put("DFGET_MS_BASE_URL", msBaseUrl);
    variables.put("DFGET_CSG_REVISION", csgRevision);
    variables.put("DFGET_CSG_TOKEN", csgToken);
    variables.put("DFGET_CSG_BASE_URL", csgBaseUrl);
    return variables;
  }
}
