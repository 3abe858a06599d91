package io.llmaz.gateway;

import io.llmaz.source.ManifestFile;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Addresses of files that expire: HMAC-SHA256 over task, path and expiry, by the keys of a {@link
 * KeyRing}.
 */
final class LinkSigner {
  private final KeyRing keys;
  private final Duration lifetime;
  private final InstantSource clock;

  LinkSigner(KeyRing keys, Duration lifetime, InstantSource clock) {
    this.keys = keys;
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /**
   * The address of a file. An image's blob is addressed as in a registry, so that Dragonfly takes
   * its digest for the task id.
   */
  URI link(URI base, GatewayTask task, ManifestFile file) {
    long expires = clock.instant().plus(lifetime).getEpochSecond();
    return URI.create(
        base
            + place(task, file)
            + "?task="
            + encode(task.name())
            + "&path="
            + encode(file.path())
            + "&exp="
            + expires
            + "&sig="
            + sign(keys.signing(), task.name(), file.path(), expires));
  }

  /** The path of a file's address. */
  static String place(GatewayTask task, ManifestFile file) {
    return task.spec().image() != null && file.digest() != null
        ? "/v2/" + task.name() + "/blobs/" + file.digest()
        : file.blobPath();
  }

  /**
   * Checks a link.
   *
   * @throws GatewayException 403, saying whether it is expired or never was one
   */
  void check(String task, String path, String expires, String signature) {
    long expiry;
    try {
      expiry = Long.parseLong(expires);
    } catch (NumberFormatException e) {
      throw GatewayException.forbidden("not a link of this gateway");
    }
    byte[] given = signature.getBytes(StandardCharsets.US_ASCII);
    boolean ours = isOurs(task, path, expiry, given);
    if (!ours && !(keys.refresh() && isOurs(task, path, expiry, given))) {
      throw GatewayException.forbidden("not a link of this gateway");
    }
    if (clock.instant().getEpochSecond() >= expiry) {
      throw GatewayException.forbidden("the link is expired: ask for the manifest again");
    }
  }

  private boolean isOurs(String task, String path, long expires, byte[] signature) {
    return keys.honoured().stream()
        .anyMatch(key ->
            MessageDigest.isEqual(
                sign(key, task, path, expires).getBytes(StandardCharsets.US_ASCII), signature));
  }

  private static String sign(byte[] key, String task, String path, long expires) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] text = (task + "\n" + path + "\n" + expires).getBytes(StandardCharsets.UTF_8);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(text));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
