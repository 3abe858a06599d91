package io.llmaz.local.engine.proxy;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.common.Priority;
import io.llmaz.dragonfly.api.common.SchedulingPolicy;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request goes, by Dragonfly's rules: a request with a host in its line is proxied, one
 * without goes to the registry that a header, the {@code ns} parameter or the configuration names.
 * Blobs of a registry and what asks for it by header come through P2P, everything else straight.
 */
sealed interface Route {
  /** Through P2P. */
  record Peers(Download download) implements Route {}

  /** Straight to the upstream. */
  record Straight(URI target, Map<String, String> headers) implements Route {}

  /** Nowhere. */
  record Refused(int status, String why) implements Route {}

  /** Blobs by digest, as containerd asks for them. */
  Pattern BLOB = Pattern.compile("blobs/sha256");

  Pattern PIECE_LENGTH = Pattern.compile("(?i)(\\d{1,12})\\s*(|b|kib|mib|gib)");

  Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "content-length",
          "host",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect",
          "http2-settings");

  /** Query parameters that signatures are made of: Dragonfly's default for the URL's task id. */
  List<String> SIGNATURES =
      List.of(
          "X-Amz-Algorithm",
          "X-Amz-Credential",
          "X-Amz-Date",
          "X-Amz-Expires",
          "X-Amz-SignedHeaders",
          "X-Amz-Signature",
          "X-Amz-Security-Token",
          "X-Amz-User-Agent",
          "X-Goog-Algorithm",
          "X-Goog-Credential",
          "X-Goog-Date",
          "X-Goog-Expires",
          "X-Goog-SignedHeaders",
          "X-Goog-Signature",
          "OSSAccessKeyId",
          "Expires",
          "Signature",
          "SecurityToken",
          "AccessKeyId",
          "X-Obs-Date",
          "X-Obs-Security-Token",
          "q-sign-algorithm",
          "q-ak",
          "q-sign-time",
          "q-key-time",
          "q-header-list",
          "q-url-param-list",
          "q-signature",
          "x-cos-security-token",
          "ns");

  static Route of(HttpRequest request, Optional<URI> defaultRegistry) {
    if (request.method().equals(HttpMethod.CONNECT)) {
      return new Refused(501, "tunnels are not served here: ask with the absolute http URL");
    }
    URI target;
    try {
      target = target(request, defaultRegistry);
    } catch (IllegalArgumentException e) {
      return new Refused(400, String.valueOf(e.getMessage()));
    }
    HttpHeaders headers = request.headers();
    boolean asked = "true".equalsIgnoreCase(headers.get("X-Dragonfly-Use-P2P"));
    boolean blob = BLOB.matcher(String.valueOf(target.getRawPath())).find();
    if (!request.method().equals(HttpMethod.GET) || !(asked || blob)) {
      return new Straight(target, upstreamHeaders(headers, true));
    }
    try {
      return new Peers(download(target, headers));
    } catch (IllegalArgumentException e) {
      return new Refused(400, String.valueOf(e.getMessage()));
    }
  }

  private static URI target(HttpRequest request, Optional<URI> defaultRegistry) {
    URI uri = URI.create(request.uri());
    if (uri.getHost() != null) {
      String scheme = String.valueOf(uri.getScheme());
      if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
        throw new IllegalArgumentException("cannot proxy the scheme " + scheme);
      }
      return uri;
    }
    String header = request.headers().get("X-Dragonfly-Registry");
    List<String> ns =
        new QueryStringDecoder(request.uri()).parameters().getOrDefault("ns", List.of());
    String base;
    if (header != null) {
      base = header;
    } else if (!ns.isEmpty()) {
      base = "https://" + ns.getFirst();
    } else {
      base =
          defaultRegistry
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "no registry: send X-Dragonfly-Registry, ?ns= or an absolute URL"))
              .toString();
    }
    URI registry = URI.create(base);
    if (registry.getHost() == null) {
      throw new IllegalArgumentException("not the address of a registry: " + base);
    }
    return URI.create(base.replaceAll("/+$", "") + request.uri());
  }

  private static Download download(URI target, HttpHeaders headers) {
    Download.Builder download =
        Download.newBuilder()
            .setUrl(target.toString())
            .setPriority(Priority.LEVEL6)
            .setSchedulingPolicy(SchedulingPolicy.ALWAYS)
            .putAllRequestHeader(upstreamHeaders(headers, false));
    String key = headers.get("X-Dragonfly-Content-For-Calculating-Task-ID");
    if (key != null) {
      download.setContentForCalculatingTaskId(key);
    }
    String byDigest = headers.get("X-Dragonfly-Enable-Task-ID-Based-Blob-Digest");
    download.setEnableTaskIdBasedBlobDigest(!"false".equalsIgnoreCase(byDigest));
    String filtered = headers.get("X-Dragonfly-Filtered-Query-Params");
    download.addAllFilteredQueryParams(
        filtered == null
            ? SIGNATURES
            : Arrays.stream(filtered.split(",", -1)).map(String::strip).toList());
    Optional.ofNullable(headers.get("X-Dragonfly-Tag")).ifPresent(download::setTag);
    Optional.ofNullable(headers.get("X-Dragonfly-Application")).ifPresent(download::setApplication);
    Optional.ofNullable(headers.get("X-Dragonfly-Piece-Length"))
        .ifPresent(text -> download.setPieceLength(pieceLength(text)));
    return download.build();
  }

  private static long pieceLength(String text) {
    Matcher matcher = PIECE_LENGTH.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a piece length, such as 4mib: " + text);
    }
    long unit =
        switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
          case "kib" -> 1L << 10;
          case "mib" -> 1L << 20;
          case "gib" -> 1L << 30;
          default -> 1;
        };
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
  }

  private static Map<String, String> upstreamHeaders(HttpHeaders headers, boolean withRange) {
    Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      boolean range = name.equals("range") || name.equals("if-range");
      if (!HOP_BY_HOP.contains(name)
          && !name.startsWith("x-dragonfly-")
          && (withRange || !(range || name.equals("accept-encoding")))) {
        kept.merge(header.getKey(), header.getValue(), (a, b) -> a + ", " + b);
      }
    }
    return kept;
  }
}
