package io.llmaz.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    // Some servers send one header twice, in two spellings.
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    connection
        .getHeaderFields()
        .forEach((name, values) -> {
          if (name != null) { // Else the status line.
            headers.computeIfAbsent(name, key -> new ArrayList<>()).addAll(values);
          }
        });
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
