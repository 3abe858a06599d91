package io.llmaz.source;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AWS Signature Version 4 in the Authorization header, for requests without a body. S3 and its
 * kind, Google Cloud Storage (HMAC keys) and OSS take it. Source:
 * docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, whose examples are our
 * tests.
 *
 * @param region the store's; {@code auto} where it has none
 */
record SigV4(ObjectStoreKey key, String region) implements ObjectStoreSigner {
  private static final String EMPTY_SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final String SERVICE = "s3";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * The headers that sign a GET.
   *
   * @param signed further headers of the request that are signed, which are in the answer too
   */
  @Override
  public Map<String, String> headers(URI uri, Map<String, String> signed, Instant now) {
    String time = TIME.format(now);
    String day = time.substring(0, 8);
    Map<String, String> headers = new TreeMap<>();
    signed.forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value.strip()));
    headers.put("x-amz-content-sha256", EMPTY_SHA256);
    headers.put("x-amz-date", time);
    Map<String, String> withHost = new TreeMap<>(headers);
    withHost.put("host", uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());

    String names = String.join(";", withHost.keySet());
    String canonical =
        "GET\n"
            + uri.getRawPath()
            + "\n"
            + canonicalQuery(uri.getRawQuery())
            + "\n"
            + withHost.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining())
            + "\n"
            + names
            + "\n"
            + EMPTY_SHA256;
    String scope = day + "/" + region + "/" + SERVICE + "/aws4_request";
    String toSign =
        "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + ContentHasher.sha256(canonical);
    byte[] derived = hmac(("AWS4" + key.secret()).getBytes(StandardCharsets.UTF_8), day);
    for (String part : new String[] {region, SERVICE, "aws4_request"}) {
      derived = hmac(derived, part);
    }
    headers.put(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential="
            + key.id()
            + "/"
            + scope
            + ",SignedHeaders="
            + names
            + ",Signature="
            + HexFormat.of().formatHex(hmac(derived, toSign)));
    return headers;
  }

  /** Percent-encoding as RFC 3986 says it: everything but letters, digits and {@code -_.~}. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static String canonicalQuery(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return "";
    }
    List<String> pairs = new ArrayList<>();
    for (String pair : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      pairs.add(decoded(parts[0]) + "=" + (parts.length == 2 ? decoded(parts[1]) : ""));
    }
    pairs.sort(null);
    return String.join("&", pairs);
  }

  private static String decoded(String text) {
    return encode(URLDecoder.decode(text, StandardCharsets.UTF_8));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
