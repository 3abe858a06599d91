package io.llmaz.local.cluster;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image's reference in full.
 *
 * @param registry host and perhaps port
 * @param repository for example {@code library/busybox}
 * @param reference a tag or a digest
 */
record ImageName(String registry, String repository, String reference) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:(?<registry>(?:[\\w-]+(?:\\.[\\w-]+)+|localhost|[\\w-]+(?=:)|\\[[0-9a-f:]+\\])(?::\\d+)?)/)?"
              + "(?<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
              + "(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?");

  /**
   * Reads what a container has in {@code image}; Docker Hub's short names are made full. As Docker
   * reads it, a first part is a registry only if it looks like a host.
   *
   * @throws ContainerProblem with reason {@code InvalidImageName}
   */
  static ImageName parse(String image) throws ContainerProblem {
    Matcher matcher = TEXT.matcher(image);
    if (!matcher.matches()) {
      throw new ContainerProblem("InvalidImageName", "not an image's name: \"" + image + "\"");
    }
    String registry = matcher.group("registry");
    String repository = matcher.group("repository");
    if (registry == null || registry.equals("docker.io")) {
      registry = "registry-1.docker.io";
      repository = repository.contains("/") ? repository : "library/" + repository;
    }
    String reference = matcher.group("digest");
    if (reference == null) {
      reference = matcher.group("tag");
    }
    return new ImageName(registry, repository, reference == null ? "latest" : reference);
  }

  /** The registry's own address: plain HTTP on loopback, as container runtimes have it. */
  URI registryAddress() {
    boolean loopback = registry.matches("(127\\.[\\d.]+|localhost|\\[::1\\])(:\\d+)?");
    return URI.create((loopback ? "http://" : "https://") + registry);
  }
}
