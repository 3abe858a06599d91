package io.llmaz.source;

import java.net.URI;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A bucket and how it is addressed.
 *
 * @param scheme of the models that are named so: {@code s3}, {@code gcs}, {@code oss}
 * @param base of every address: with the bucket as the host's first label (virtual-host style) or
 *     as the first part of the path; no {@code /} at its end
 * @param bucket for people
 * @param region that requests are signed for
 */
public record ObjectStore(String scheme, URI base, String bucket, String region) {
  private static final String BUCKET = "[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]";

  public ObjectStore {
    if (!bucket.matches(BUCKET)) {
      throw new SourceException(
          SourceException.Kind.USER, "not the name of a bucket: \"" + bucket + "\"");
    }
  }

  /**
   * S3 or a store that speaks its protocol.
   *
   * @param endpoint without the bucket
   * @param pathStyle whether the bucket is in the path, as most compatible stores want it
   */
  public static ObjectStore s3(URI endpoint, String bucket, String region, boolean pathStyle) {
    return new ObjectStore("s3", place(endpoint, bucket, pathStyle), bucket, region);
  }

  /** Google Cloud Storage by its XML API, which takes HMAC keys and S3's listing. */
  public static ObjectStore gcs(URI endpoint, String bucket) {
    return new ObjectStore("gcs", place(endpoint, bucket, true), bucket, "auto");
  }

  /**
   * OSS by its S3-compatible protocol, which knows only virtual-host style. Its region is the
   * endpoint's first label, {@code oss-cn-hangzhou} or {@code oss-cn-hangzhou-internal}.
   */
  public static ObjectStore oss(URI endpoint, String bucket) {
    String label = endpoint.getHost().split("\\.", 2)[0];
    return new ObjectStore(
        "oss", place(endpoint, bucket, false), bucket, label.replaceFirst("-internal$", ""));
  }

  URI object(String key) {
    return URI.create(
        base
            + "/"
            + Arrays.stream(key.split("/", -1))
                .map(SigV4::encode)
                .collect(Collectors.joining("/")));
  }

  private static URI place(URI endpoint, String bucket, boolean pathStyle) {
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    return URI.create(
        pathStyle
            ? endpoint.getScheme() + "://" + endpoint.getHost() + port + "/" + bucket
            : endpoint.getScheme() + "://" + bucket + "." + endpoint.getHost() + port);
  }
}
