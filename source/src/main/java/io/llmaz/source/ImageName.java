package io.llmaz.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An image reference, with Docker Hub's short names written out.
 *
 * @param registry host and port, as pulled from: {@code registry-1.docker.io} for Docker Hub
 * @param repository for example {@code library/busybox}
 * @param tag null when there is a digest only
 * @param digest {@code sha256:...}; null when there is none
 */
public record ImageName(
    String registry, String repository, @Nullable String tag, @Nullable String digest) {
  private static final Pattern REFERENCE =
      Pattern.compile(
          "([a-z0-9]+(?:[._/-][a-z0-9._-]+)*)(?::([\\w][\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?");
  private static final String DOCKER_HUB = "registry-1.docker.io";

  /**
   * Reads what a pod's {@code image} says.
   *
   * @throws SourceException a user error, when it is malformed
   */
  public static ImageName parse(String reference) {
    int slash = reference.indexOf('/');
    String first = slash < 0 ? "" : reference.substring(0, slash);
    boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
    String rest = named ? reference.substring(slash + 1) : reference;
    Matcher matcher = REFERENCE.matcher(rest);
    if (!matcher.matches()) {
      throw new SourceException(
          SourceException.Kind.USER, "not an image reference: \"" + reference + "\"");
    }
    boolean dockerHub = !named || first.equals("docker.io") || first.equals("index.docker.io");
    String path = matcher.group(1);
    String repository = dockerHub && !path.contains("/") ? "library/" + path : path;
    String digest = matcher.group(3);
    String tag = matcher.group(2) != null ? matcher.group(2) : digest == null ? "latest" : null;
    return new ImageName(dockerHub ? DOCKER_HUB : first, repository, tag, digest);
  }

  /** What the registry is asked for: the digest where there is one. */
  String wanted() {
    return digest != null ? digest : String.valueOf(tag);
  }
}
