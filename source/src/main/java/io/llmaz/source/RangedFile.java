package io.llmaz.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file behind an address that may redirect to a signed, expiring one.
 *
 * <ol>
 *   <li>Ask the address with the credentials, for the range that is wanted.
 *   <li>Follow redirects by hand; to another host without the credentials. Keep where it ended.
 *   <li>Ask there directly the next time, until it answers 401 or 403; then begin again.
 * </ol>
 *
 * Safe for many threads; each stream is for one.
 */
final class RangedFile {
  private static final int MOST_REDIRECTS = 5;
  private static final int SKIP_BUFFER = 64 << 10;

  private final OriginHttp http;
  private final URI address;
  private final Credentials credentials;
  private final String name;
  private final long size;
  private final OriginHttp.Meter meter;
  private final boolean wholeByRange;
  // Only a shortcut: losing a race over it costs one more redirect.
  private volatile @Nullable URI direct;
  // A file keeps its entity tag at a host as long as it is the same file.
  private final Map<String, String> etags = new ConcurrentHashMap<>();

  /** Header values for the address itself; asked each time, so that a renewed token is used. */
  interface Credentials {
    Map<String, String> headers();

    /** Whether a 401's challenge was met, so that asking again with new headers makes sense. */
    default boolean accept(HttpHeaders challenge) {
      return false;
    }

    /**
     * Looks at an answer's headers before its bytes are believed.
     *
     * @throws SourceException when it is about something else than what was resolved
     */
    default void check(HttpHeaders answer) {}

    /** What a refusal means, for the user. */
    SourceException refused(int status);
  }

  RangedFile(
      OriginHttp http,
      URI address,
      Credentials credentials,
      String name,
      long size,
      OriginHttp.Meter meter) {
    this(http, address, credentials, name, size, meter, true);
  }

  /**
   * As above.
   *
   * @param wholeByRange whether a range is named also where that is the whole file
   */
  RangedFile(
      OriginHttp http,
      URI address,
      Credentials credentials,
      String name,
      long size,
      OriginHttp.Meter meter,
      boolean wholeByRange) {
    this.wholeByRange = wholeByRange;
    this.http = http;
    this.address = address;
    this.credentials = credentials;
    this.name = name;
    this.size = size;
    this.meter = meter;
  }

  InputStream open(ByteRange range) {
    if (range.end() > size) {
      throw new IllegalArgumentException(name + " has " + size + " bytes, not " + range.end());
    }
    return new ResumingStream(http, address, range, meter, this::connect);
  }

  private InputStream connect(ByteRange range) throws IOException {
    URI known = direct;
    if (known != null) {
      OriginAnswer response = ask(known, range, false);
      if (response.statusCode() != 401 && response.statusCode() != 403) {
        return body(response, known, range);
      }
      response.close();
      direct = null; // It expired.
    }
    URI at = address;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      OriginAnswer response = ask(at, range, sameHost(at));
      if (response.statusCode() == 401 && sameHost(at)) {
        // The first request of this process, or a token that expired meanwhile.
        response.close();
        if (credentials.accept(response.headers())) {
          response = ask(at, range, true);
        }
      }
      if (!isRedirect(response.statusCode())) {
        if (!at.equals(address) && response.statusCode() < 300) {
          direct = at;
        }
        return body(response, at, range);
      }
      response.close();
      if (sameHost(at)) {
        credentials.check(response.headers());
      }
      at = at.resolve(location(response));
    }
    throw new SourceException(
        SourceException.Kind.BUG, address.getHost() + " redirects " + name + " in circles");
  }

  private OriginAnswer ask(URI at, ByteRange range, boolean withCredentials) throws IOException {
    Map<String, String> headers = new HashMap<>();
    if (withCredentials) {
      headers.putAll(credentials.headers());
    }
    if (wholeByRange || !range.equals(ByteRange.all(size))) {
      headers.put("Range", range.header());
    }
    meter.request(at.getHost());
    return http.getOnce(at, headers);
  }

  private boolean sameHost(URI at) {
    return address.getHost().equals(at.getHost())
        && address.getPort() == at.getPort()
        && address.getScheme().equals(at.getScheme());
  }

  private String location(OriginAnswer response) {
    return response
        .headers()
        .firstValue("Location")
        .orElseThrow(() ->
            new SourceException(
                SourceException.Kind.BUG,
                address.getHost() + " redirects " + name + " to nowhere"));
  }

  private InputStream body(OriginAnswer response, URI at, ByteRange range) throws IOException {
    int status = response.statusCode();
    if (status == 200 || status == 206) {
      try {
        checkIdentity(response, at);
      } catch (SourceException e) {
        response.close();
        throw e;
      }
    }
    if (status == 206) {
      checkContentRange(response, range);
      return response.body();
    }
    if (status == 200) {
      checkLength(response);
      // This source ignores ranges: what comes before ours is read, counted and dropped.
      InputStream body = response.body();
      try {
        skip(body, range.start());
        return body;
      } catch (IOException e) {
        body.close();
        throw e;
      }
    }
    response.close();
    if (status == 401 || status == 403) {
      throw credentials.refused(status);
    }
    if (status == 404 || status == 410) {
      throw new SourceException(
          SourceException.Kind.USER, at.getHost() + " has no " + name + " (" + status + ")");
    }
    if (status == 412) {
      throw changed(name + " changed at its source since it was resolved (412)");
    }
    if (OriginHttp.worthAnotherTry(status)) {
      throw new OriginBusyException(status, http.retryAfter(response));
    }
    throw changed(at.getHost() + " answered " + status + " for " + name);
  }

  private void checkIdentity(OriginAnswer response, URI at) {
    HttpHeaders headers = response.headers();
    String encoding = headers.firstValue("Content-Encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw changed(
          at.getHost()
              + " sends "
              + name
              + " as "
              + encoding
              + ", though we asked for it as it is");
    }
    if (sameHost(at)) {
      credentials.check(headers);
    }
    String etag = headers.firstValue("ETag").orElse("");
    if (etag.startsWith("\"")) { // A weak one promises nothing about bytes.
      String before = etags.putIfAbsent(at.getHost(), etag);
      if (before != null && !before.equals(etag)) {
        throw changed(
            name
                + " changed at its source while it was read: its ETag was "
                + before
                + ", now "
                + etag);
      }
    }
  }

  private void skip(InputStream body, long count) throws IOException {
    byte[] buffer = new byte[SKIP_BUFFER];
    for (long left = count; left > 0; ) {
      int read = body.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("ended early while bytes before the range were skipped");
      }
      meter.bytes(address.getHost(), read);
      left -= read;
    }
  }

  private void checkContentRange(OriginAnswer response, ByteRange range) throws IOException {
    String expected = "bytes " + range.start() + "-" + (range.end() - 1) + "/" + size;
    String got = response.headers().firstValue("Content-Range").orElse("nothing");
    if (!got.equals(expected)) {
      response.close();
      throw changed("asked for \"" + expected + "\" of " + name + ", got \"" + got + "\"");
    }
  }

  private void checkLength(OriginAnswer response) throws IOException {
    long length = response.headers().firstValueAsLong("Content-Length").orElse(size);
    if (length != size) {
      response.close();
      throw changed(name + " should have " + size + " bytes, the source says " + length);
    }
  }

  private static SourceException changed(String message) {
    return new SourceException(SourceException.Kind.BUG, message);
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }
}
