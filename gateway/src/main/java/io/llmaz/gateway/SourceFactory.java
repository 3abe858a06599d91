package io.llmaz.gateway;

import io.llmaz.api.model.ModelHub;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.p2p.ImageTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.source.HubReference;
import io.llmaz.source.HuggingFaceSource;
import io.llmaz.source.ImageName;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.RegistrySource;
import io.llmaz.source.Source;
import io.llmaz.source.SourceException;

/** Sources of what tasks name, with this process's credentials. */
final class SourceFactory {
  private final GatewayConfig config;
  private final OriginHttp http;
  private final Credentials credentials;

  SourceFactory(GatewayConfig config, OriginHttp http, Credentials credentials) {
    this.config = config;
    this.http = http;
    this.credentials = credentials;
  }

  /**
   * The source of a task.
   *
   * @throws SourceException a user error, when it names nothing that has a manifest
   */
  Source of(P2PTaskSpec spec, OriginHttp.Meter meter) {
    ImageTask image = spec.image();
    if (image != null) {
      ImageName name = ImageName.parse(image.reference());
      return new RegistrySource(
          http,
          name,
          image.platforms(),
          config.insecureRegistries().contains(name.registry()),
          credentials::registryAccount,
          meter);
    }
    ModelSource source = spec.model() == null ? null : spec.model().source();
    ModelHub hub = source == null ? null : source.modelHub();
    if (hub == null) {
      throw unsupported(source == null ? "nothing" : String.valueOf(source.uri()));
    }
    if (ModelHub.MODEL_SCOPE.equals(hub.name())) {
      throw unsupported("ModelScope's " + hub.modelId());
    }
    String modelId = hub.modelId();
    if (modelId == null) {
      throw new SourceException(SourceException.Kind.USER, "modelHub.modelID is not set");
    }
    return new HuggingFaceSource(
        http,
        config.hubEndpoint(),
        new HubReference(
            modelId,
            hub.revision() == null ? "main" : hub.revision(),
            hub.filename(),
            hub.allowPatterns(),
            hub.ignorePatterns()),
        credentials::hubToken,
        meter);
  }

  private static SourceException unsupported(String what) {
    return new SourceException(
        SourceException.Kind.USER, "the gateway has no manifest for " + what);
  }
}
