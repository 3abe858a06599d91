package io.llmaz.local.engine.transfer;

import io.llmaz.dragonfly.TaskIds;
import io.llmaz.dragonfly.api.common.Download;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which task a download is, by the rules of Dragonfly's client: the content key, else a registry
 * blob's digest where that is asked for, else the URL with tag, application and piece length.
 */
public final class TaskIdentity {
  private TaskIdentity() {}

  /**
   * The id of a download's task.
   *
   * @throws IllegalArgumentException when the URL is needed and is none
   */
  public static String of(Download download) {
    if (download.hasContentForCalculatingTaskId()) {
      return TaskIds.ofContent(download.getContentForCalculatingTaskId());
    }
    if (download.getEnableTaskIdBasedBlobDigest()) {
      try {
        return TaskIds.ofBlobUrl(download.getUrl());
      } catch (IllegalArgumentException notABlob) {
        // Dragonfly too falls through to the rule for any URL.
      }
    }
    String pieceLength = download.hasPieceLength() ? Long.toString(download.getPieceLength()) : "";
    return TaskIds.ofContent(
        normalise(download.getUrl(), download.getFilteredQueryParamsList())
            + download.getTag()
            + download.getApplication()
            + pieceLength
            + "STANDARD");
  }

  static String normalise(String url, Collection<String> filtered) {
    URI uri = URI.create(url);
    String scheme = uri.getScheme();
    String host = uri.getHost();
    if (scheme == null || host == null) {
      throw new IllegalArgumentException("not an absolute URL: " + withoutQuery(url));
    }
    StringBuilder out = new StringBuilder();
    out.append(scheme.toLowerCase(Locale.ROOT)).append("://");
    if (uri.getRawUserInfo() != null) {
      out.append(uri.getRawUserInfo()).append('@');
    }
    out.append(host.toLowerCase(Locale.ROOT));
    if (uri.getPort() >= 0 && uri.getPort() != defaultPort(scheme)) {
      out.append(':').append(uri.getPort());
    }
    String path = uri.normalize().getRawPath();
    if (!path.equals("/")) {
      out.append(path);
    }
    String query = query(uri.getRawQuery(), Set.copyOf(filtered));
    if (!query.isEmpty()) {
      out.append(path.isEmpty() || path.equals("/") ? "/?" : "?").append(query);
    }
    return out.toString();
  }

  private static String query(@Nullable String raw, Set<String> filtered) {
    List<String> kept = new ArrayList<>();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      if (!filtered.contains(name)) {
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        kept.add(encode(name) + "=" + encode(value));
      }
    }
    return String.join("&", kept);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static int defaultPort(String scheme) {
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "http" -> 80;
      case "https" -> 443;
      default -> -1;
    };
  }

  /** A URL fit for a message: its query may hold a signature. */
  static String withoutQuery(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }
}
