package io.llmaz.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.http.HttpHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a source answered. The body must be read to its end or closed.
 *
 * @param statusCode of HTTP
 * @param headers names in any case
 * @param body the content, or what explains an error; a read that waits too long ends with an error
 */
public record OriginAnswer(int statusCode, HttpHeaders headers, InputStream body)
    implements AutoCloseable {

  /** Waits for the headers. */
  static OriginAnswer of(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("what came is not HTTP");
    }
    Map<String, List<String>> headers = new HashMap<>(connection.getHeaderFields());
    headers.remove(null); // The status line.
    @Nullable InputStream body =
        status < 400 ? connection.getInputStream() : connection.getErrorStream();
    return new OriginAnswer(
        status,
        HttpHeaders.of(headers, (name, value) -> true),
        body == null ? InputStream.nullInputStream() : body);
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
