package io.llmaz.loader;

import io.llmaz.dragonfly.TaskKeys;
import io.llmaz.source.HuggingFaceSource;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.Source;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ways of a run, as its settings and what it learned from the gateway allow them.
 *
 * <ol>
 *   <li>Through the node's daemon by the gateway's links.
 *   <li>The gateway itself.
 *   <li>Through the node's daemon from the hub, where the daemon may read it.
 *   <li>The hub itself.
 * </ol>
 *
 * <p>Before them all comes the daemon that links files, which is no way of bytes.
 */
final class Ways {
  private final LoaderSettings settings;
  private final Optional<GatewayClient.Links> links;
  private final Optional<LinkOpener> gatewayLinks;
  private final Optional<Way> gateway;
  private final List<Way> all;

  /**
   * Of one run.
   *
   * @param direct to gateway and hub
   * @param links of the gateway; empty when it gave none
   * @param revision of the model at the hub
   */
  Ways(
      LoaderSettings settings,
      OriginHttp direct,
      Optional<Source> hub,
      Optional<GatewayClient.Links> links,
      String revision) {
    this.settings = settings;
    this.links = links;
    Optional<Map<String, URI>> addresses = links.map(GatewayClient.Links::addresses);
    this.gatewayLinks = addresses.map(known -> new LinkOpener(direct, known, Optional.empty()));
    this.gateway = gatewayLinks.map(opener -> new Way("gateway", opener, this::distrust));
    this.all =
        Stream.of(
                addresses.flatMap(known -> daemon().map(daemon -> throughDaemon(daemon, known))),
                gateway,
                hub.flatMap(source -> fromHubThroughDaemon(source, revision)),
                hub.map(
                    source -> new Way("hub", (file, range) -> source.open(revision, file, range))))
            .flatMap(Optional::stream)
            .toList();
  }

  /** All of them, the first to be tried first. */
  List<Way> all() {
    return all;
  }

  /** The gateway itself. */
  Optional<Way> gateway() {
    return gateway;
  }

  /** The daemon that links files, where it can; the caller's to close. */
  Optional<LinkedFiles.Daemon> linking() {
    return settings
        .p2p()
        .flatMap(LoaderSettings.P2p::socket)
        .flatMap(socket ->
            links.map(
                known -> new LinkingDaemon(socket, settings.root(), known.addresses(), keys())));
  }

  /**
   * Takes wrong bytes from the daemons that gave them, and asks the gateway for none of a seed's.
   */
  Way.Forgetter removal() {
    TaskRemoval fromDaemons =
        new TaskRemoval(keys(), settings.p2p().map(LoaderSettings.P2p::holders).orElse(List.of()));
    return (file, report) -> {
      distrust(file, report);
      fromDaemons.forget(file, report);
    };
  }

  private void distrust(ManifestFile file, LoadReport report) {
    gatewayLinks.ifPresent(opener -> opener.distrust(file));
  }

  private Way throughDaemon(InetSocketAddress daemon, Map<String, URI> addresses) {
    OriginHttp http = OriginHttp.throughDfdaemon(daemon, "model-loader");
    return new Way("dfdaemon", new LinkOpener(http, addresses, Optional.of(keys())), removal());
  }

  /**
   * Without the gateway the daemon may read the hub itself, under the same content key, so that the
   * bytes still leave it once. Not with a token, which the daemon would see, and not by https,
   * which a proxy only tunnels.
   */
  private Optional<Way> fromHubThroughDaemon(Source hub, String revision) {
    if (!(hub instanceof HuggingFaceSource huggingFace)
        || settings.hubToken().isPresent()
        || !"http".equals(settings.hubEndpoint().getScheme())) {
      return Optional.empty();
    }
    return daemon()
        .map(daemon -> {
          OriginHttp http = OriginHttp.throughDfdaemon(daemon, "model-loader");
          return new Way(
              "dfdaemon-hub",
              (file, range) ->
                  new LinkOpener(
                          http,
                          Map.of(file.path(), huggingFace.address(revision, file.path())),
                          Optional.of(keys()))
                      .open(file, range),
              removal());
        });
  }

  private Optional<InetSocketAddress> daemon() {
    return settings.p2p().flatMap(LoaderSettings.P2p::daemon);
  }

  private TaskKeys keys() {
    return settings.p2p().map(LoaderSettings.P2p::keys).orElse(TaskKeys.CONTENT);
  }
}
