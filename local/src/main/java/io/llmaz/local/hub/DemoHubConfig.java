package io.llmaz.local.hub;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What a demo hub offers, and how.
 *
 * @param models the hub's repositories
 * @param images the registry's images
 * @param workFolder an existing folder for the images' blobs
 * @param bandwidth of all answers of all three servers together; unlimited when empty
 * @param registryWantsToken whether pulling needs the anonymous bearer token
 * @param linkLife how long a signed address opens its content
 * @param clock what time it is
 * @param listen where the hub's API is; the content host and the registry have the two ports after
 *     it, or any free ones as the hub has when the port is 0
 */
public record DemoHubConfig(
    List<ModelRepository> models,
    List<DemoImage> images,
    Path workFolder,
    Optional<Bandwidth> bandwidth,
    boolean registryWantsToken,
    Duration linkLife,
    InstantSource clock,
    InetSocketAddress listen) {

  public DemoHubConfig {
    models = List.copyOf(models);
    images = List.copyOf(images);
  }

  /** Models and images over an unlimited link, with tokens and links that live ten minutes. */
  public static DemoHubConfig of(
      List<ModelRepository> models, List<DemoImage> images, Path workFolder) {
    return new DemoHubConfig(
        models,
        images,
        workFolder,
        Optional.empty(),
        true,
        Duration.ofMinutes(10),
        InstantSource.system(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** The same over a link of this width. */
  public DemoHubConfig withBandwidth(Bandwidth limit) {
    return new DemoHubConfig(
        models,
        images,
        workFolder,
        Optional.of(limit),
        registryWantsToken,
        linkLife,
        clock,
        listen);
  }

  /** The same with signed addresses of another life. */
  public DemoHubConfig withLinkLife(Duration life) {
    return new DemoHubConfig(
        models, images, workFolder, bandwidth, registryWantsToken, life, clock, listen);
  }

  /** The same with or without the need of an anonymous bearer token for pulling images. */
  public DemoHubConfig withRegistryToken(boolean wanted) {
    return new DemoHubConfig(
        models, images, workFolder, bandwidth, wanted, linkLife, clock, listen);
  }

  /** The same at an address of its own. */
  public DemoHubConfig withListen(InetSocketAddress address) {
    return new DemoHubConfig(
        models, images, workFolder, bandwidth, registryWantsToken, linkLife, clock, address);
  }
}
