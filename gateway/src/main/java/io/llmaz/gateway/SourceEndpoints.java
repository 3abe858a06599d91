package io.llmaz.gateway;

import java.net.URI;
import java.util.Map;

/**
 * Where ModelScope and the object stores are.
 *
 * @param modelScope {@code MODELSCOPE_ENDPOINT}, default {@code https://modelscope.cn}
 * @param s3 {@code AWS_ENDPOINT_URL}, default that of the region
 * @param s3Region {@code AWS_REGION}, default {@code us-east-1}
 * @param s3PathStyle {@code LLMAZ_S3_PATH_STYLE}: whether the bucket is in the path; default true
 *     where an endpoint is named, as compatible stores want it
 * @param gcs {@code GCS_ENDPOINT}, default {@code https://storage.googleapis.com}
 */
public record SourceEndpoints(
    URI modelScope, URI s3, String s3Region, boolean s3PathStyle, URI gcs) {

  /** Reads the environment. */
  static SourceEndpoints from(Map<String, String> environment) {
    String region = environment.getOrDefault("AWS_REGION", "us-east-1");
    String s3 =
        environment.getOrDefault("AWS_ENDPOINT_URL", "https://s3." + region + ".amazonaws.com");
    String pathStyle =
        environment.getOrDefault(
            "LLMAZ_S3_PATH_STYLE", String.valueOf(environment.containsKey("AWS_ENDPOINT_URL")));
    return new SourceEndpoints(
        URI.create(environment.getOrDefault("MODELSCOPE_ENDPOINT", "https://modelscope.cn")),
        URI.create(s3),
        region,
        Boolean.parseBoolean(pathStyle),
        URI.create(environment.getOrDefault("GCS_ENDPOINT", "https://storage.googleapis.com")));
  }
}
