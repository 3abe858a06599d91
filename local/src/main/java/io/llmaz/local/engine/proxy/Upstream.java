package io.llmaz.local.engine.proxy;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Passes requests straight to where they go: manifests, tags, tokens, everything but a GET. */
final class Upstream {
  private static final int BUFFER = 64 << 10;

  private final HttpClient client;

  Upstream(HttpClient client) {
    this.client = client;
  }

  void pass(FullHttpRequest request, Route.Straight route, ClientConnection connection)
      throws IOException, InterruptedException {
    HttpRequest.Builder upstream =
        HttpRequest.newBuilder(route.target())
            .version(HttpClient.Version.HTTP_1_1)
            .method(
                request.method().name(),
                request.content().isReadable()
                    ? BodyPublishers.ofByteArray(ByteBufUtil.getBytes(request.content()))
                    : BodyPublishers.noBody());
    route.headers().forEach(upstream::header);
    HttpResponse<InputStream> response;
    try {
      response = client.send(upstream.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      FullHttpResponse refused =
          ClientConnection.text(502, "upstream " + route.target().getHost() + ": " + e);
      refused.headers().set("X-Dragonfly-Error-Type", "proxy");
      connection.reply(refused);
      return;
    }
    try (InputStream body = response.body()) {
      forward(request.method(), response, body, connection);
    }
  }

  private static void forward(
      HttpMethod method, HttpResponse<?> response, InputStream body, ClientConnection connection)
      throws IOException, InterruptedException {
    DefaultHttpResponse head =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.statusCode()));
    for (Map.Entry<String, List<String>> header : response.headers().map().entrySet()) {
      if (!Route.HOP_BY_HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        head.headers().add(header.getKey(), header.getValue());
      }
    }
    OptionalLong length = response.headers().firstValueAsLong("content-length");
    boolean bodiless =
        method.equals(HttpMethod.HEAD)
            || response.statusCode() == 204
            || response.statusCode() == 304;
    if (length.isPresent()) {
      head.headers().set(HttpHeaderNames.CONTENT_LENGTH, length.getAsLong());
    } else if (!bodiless) {
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    connection.head(head);
    byte[] buffer = new byte[BUFFER];
    int read;
    while (!bodiless && (read = body.read(buffer)) >= 0) {
      connection.body(buffer, read);
      buffer = new byte[BUFFER];
    }
    connection.end();
  }
}
