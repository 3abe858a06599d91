package io.llmaz.local.engine.transfer;

import io.llmaz.local.engine.store.PieceWriter;
import io.llmaz.local.engine.traffic.Bandwidth;
import io.llmaz.local.engine.traffic.TrafficCounters;
import io.llmaz.local.engine.transfer.TransferException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads tasks' bytes over HTTP: a probe of one byte for the length, then ranges. Redirects are
 * followed here and not by the client, so that no header of the request goes to another host.
 */
public final class Source {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_REDIRECTS = 10;
  private static final int BUFFER = 64 << 10;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+)");
  private static final Set<String> NOT_SENT =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "upgrade",
          "range",
          "te",
          "trailer",
          "transfer-encoding",
          "accept-encoding",
          "keep-alive",
          "proxy-connection",
          "proxy-authorization",
          "if-range");
  private static final Set<String> NOT_KEPT =
      Set.of(
          "connection",
          "content-length",
          "content-range",
          "date",
          "keep-alive",
          "location",
          "set-cookie",
          "set-cookie2",
          "transfer-encoding",
          "upgrade",
          ":status",
          "trailer",
          "proxy-authenticate");

  private final HttpClient client;
  private final TrafficCounters counters;
  private final Bandwidth bandwidth;

  /** Over a client that the caller closes and that follows no redirects. */
  public Source(HttpClient client, TrafficCounters counters, Bandwidth bandwidth) {
    this.client = client;
    this.counters = counters;
    this.bandwidth = bandwidth;
  }

  /**
   * What a probe told.
   *
   * @param ranges whether the source serves parts
   * @param headers of the answer, fit to be kept with the content
   */
  record Description(long contentLength, boolean ranges, Map<String, String> headers) {}

  Description probe(String url, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response = get(url, headers, 0, 0);
    try (InputStream body = response.body()) {
      if (response.statusCode() == 206) {
        // Read to its end, so that the connection can be used again. Without ranges it would be the
        // whole file, and is not read.
        body.skipNBytes(1);
        var _ = body.read();
      }
      long length = response.headers().firstValueAsLong("content-length").orElse(-1);
      Matcher range = contentRange(response);
      return switch (response.statusCode()) {
        case 206, 416 -> {
          if (!range.matches() || (response.statusCode() == 416 && total(range) != 0)) {
            throw failure(response, url);
          }
          yield new Description(total(range), true, kept(response));
        }
        case 200 -> {
          if (length < 0) {
            throw new TransferException(
                Reason.SOURCE, "the source does not say how long the file is: " + shown(url));
          }
          yield new Description(length, false, kept(response));
        }
        default -> throw failure(response, url);
      };
    }
  }

  /** Reads a range into a writer. Bytes are counted as they come, also when it breaks off. */
  void read(
      String url, Map<String, String> headers, long offset, long contentLength, PieceWriter writer)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response = get(url, headers, offset, offset + writer.remaining() - 1);
    try (InputStream body = response.body()) {
      Matcher range = contentRange(response);
      if (response.statusCode() == 200) {
        body.skipNBytes(offset);
      } else if (response.statusCode() != 206) {
        throw failure(response, url);
      } else if (!range.matches()
          || range.group(1) == null
          || Long.parseLong(range.group(1)) != offset
          || total(range) != contentLength) {
        throw new TransferException(
            Reason.SOURCE,
            "the source's answer is not bytes from %d of %d: %s"
                .formatted(offset, contentLength, shown(url)));
      }
      copy(body, writer);
      if (response.statusCode() == 206 && body.read() >= 0) {
        throw new IOException("the source sent more than was asked for");
      }
    }
  }

  /** Opens the whole file, for a source without ranges. */
  InputStream open(String url, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response = get(url, headers, -1, -1);
    if (response.statusCode() != 200) {
      response.body().close();
      throw failure(response, url);
    }
    return response.body();
  }

  void copy(InputStream body, PieceWriter writer) throws IOException {
    byte[] buffer = new byte[BUFFER];
    while (writer.remaining() > 0) {
      int read = body.read(buffer, 0, (int) Math.min(BUFFER, writer.remaining()));
      if (read < 0) {
        throw new EOFException("the source broke off");
      }
      counters.addFromSource(read);
      bandwidth.take(read);
      writer.write(ByteBuffer.wrap(buffer, 0, read));
    }
  }

  private HttpResponse<InputStream> get(
      String url, Map<String, String> headers, long first, long last)
      throws IOException, InterruptedException {
    URI target = URI.create(url);
    boolean sameHost = true;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(target)
              .version(HttpClient.Version.HTTP_1_1)
              .timeout(ANSWER_TIMEOUT)
              .GET();
      if (sameHost) {
        headers.forEach((name, value) -> {
          if (!NOT_SENT.contains(name.toLowerCase(Locale.ROOT))) {
            request.header(name, value);
          }
        });
      }
      if (first >= 0) {
        request.setHeader("Range", "bytes=" + first + "-" + last);
      }
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      String location = response.headers().firstValue("location").orElse("");
      if (response.statusCode() / 100 != 3 || location.isEmpty()) {
        return response;
      }
      response.body().close();
      URI next = target.resolve(location);
      sameHost = sameHost && origin(next).equals(origin(target));
      target = next;
    }
    throw new TransferException(Reason.SOURCE, "the source redirects in a circle: " + shown(url));
  }

  private static String origin(URI uri) {
    return (uri.getScheme() + "://" + uri.getRawAuthority()).toLowerCase(Locale.ROOT);
  }

  private static Matcher contentRange(HttpResponse<?> response) {
    return CONTENT_RANGE.matcher(response.headers().firstValue("content-range").orElse(""));
  }

  private static long total(Matcher range) {
    return Long.parseLong(range.group(3));
  }

  private static Map<String, String> kept(HttpResponse<?> response) {
    Map<String, String> kept = new TreeMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!NOT_KEPT.contains(name.toLowerCase(Locale.ROOT)) && !values.isEmpty()) {
            kept.put(name, values.getFirst());
          }
        });
    return kept;
  }

  private static TransferException failure(HttpResponse<?> response, String url) {
    return new TransferException(
        Reason.SOURCE,
        "the source answered " + response.statusCode() + ": " + shown(url),
        response.statusCode(),
        kept(response));
  }

  private static String shown(String url) {
    return TaskIdentity.withoutQuery(url);
  }
}
