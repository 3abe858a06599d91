package io.llmaz.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmaz.api.model.ModelHub;
import io.llmaz.api.model.ModelSource;
import io.llmaz.api.model.ModelUri;
import io.llmaz.api.p2p.ImageTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.source.GoogleServiceAccount;
import io.llmaz.source.HubReference;
import io.llmaz.source.HuggingFaceSource;
import io.llmaz.source.ImageName;
import io.llmaz.source.ModelScopeSource;
import io.llmaz.source.ObjectStore;
import io.llmaz.source.ObjectStoreSigner;
import io.llmaz.source.ObjectStoreSource;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.RegistrySource;
import io.llmaz.source.Source;
import io.llmaz.source.SourceException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/** Sources of what tasks name, with this process's credentials. */
final class SourceFactory {
  private final GatewayConfig config;
  private final OriginHttp http;
  private final Credentials credentials;
  private final Cache<String, ObjectStoreSigner> googleAccounts =
      Caffeine.newBuilder().maximumSize(1).build();

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
      String uri = source == null ? null : source.uri();
      if (uri == null) {
        throw unsupported("nothing");
      }
      return store(uri, meter);
    }
    String modelId = hub.modelId();
    if (modelId == null) {
      throw new SourceException(SourceException.Kind.USER, "modelHub.modelID is not set");
    }
    HubReference reference =
        new HubReference(
            modelId,
            hub.revision() == null ? "main" : hub.revision(),
            hub.filename(),
            hub.allowPatterns(),
            hub.ignorePatterns());
    return ModelHub.MODEL_SCOPE.equals(hub.name())
        ? new ModelScopeSource(
            http, config.stores().modelScope(), reference, credentials::modelScopeToken, meter)
        : new HuggingFaceSource(
            http, config.hubEndpoint(), reference, credentials::hubToken, meter);
  }

  private Source store(String text, OriginHttp.Meter meter) {
    ModelUri uri;
    try {
      uri = ModelUri.parse(text);
    } catch (IllegalArgumentException e) {
      throw new SourceException(SourceException.Kind.USER, String.valueOf(e.getMessage()), e);
    }
    SourceEndpoints stores = config.stores();
    String[] parts = uri.address().split("/", 2);
    String path = parts.length == 2 ? parts[1] : "";
    ObjectStore store =
        switch (uri.protocol()) {
          case "S3" ->
              ObjectStore.s3(stores.s3(), parts[0], stores.s3Region(), stores.s3PathStyle());
          case "GCS" -> ObjectStore.gcs(stores.gcs(), parts[0]);
          case ModelUri.OSS -> oss(parts[0]);
          default -> throw unsupported(text);
        };
    Credentials.StoreAccount account =
        uri.protocol().equals(ModelUri.OSS)
            ? Credentials.StoreAccount.OSS
            : Credentials.StoreAccount.AWS;
    return new ObjectStoreSource(
        http,
        store,
        path,
        uri.protocol().equals("GCS")
            ? () -> google().or(() -> signer(account, store))
            : () -> signer(account, store),
        InstantSource.system(),
        meter);
  }

  private Optional<ObjectStoreSigner> signer(Credentials.StoreAccount account, ObjectStore store) {
    return credentials
        .objectStoreKey(account)
        .map(key -> ObjectStoreSigner.of(key, store.region()));
  }

  /** Kept, with its token, until the key file is another. */
  private Optional<ObjectStoreSigner> google() {
    return credentials
        .googleServiceAccount()
        .map(file -> googleAccounts.get(file, text -> GoogleServiceAccount.parse(http, text)));
  }

  /** {@code <bucket>.<endpoint>}, as llmaz writes it. */
  private static ObjectStore oss(String host) {
    String[] parts = host.split("\\.", 2);
    if (parts.length < 2) {
      throw new SourceException(
          SourceException.Kind.USER, "an OSS address is <bucket>.<endpoint>/<path>, not " + host);
    }
    return ObjectStore.oss(URI.create("https://" + parts[1]), parts[0]);
  }

  private static SourceException unsupported(String what) {
    return new SourceException(
        SourceException.Kind.USER, "the gateway has no manifest for " + what);
  }
}
