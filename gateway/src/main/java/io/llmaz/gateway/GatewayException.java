package io.llmaz.gateway;

import io.llmaz.source.SourceException;
import java.util.Locale;

/** A refusal, as callers of the gateway see it: an HTTP status, a kind and a sentence. */
final class GatewayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final SourceException.Kind kind;

  GatewayException(int status, SourceException.Kind kind, String message) {
    super(message);
    this.status = status;
    this.kind = kind;
  }

  static GatewayException of(SourceException e) {
    int status =
        switch (e.kind()) {
          case USER -> 422;
          case TRANSIENT -> 503;
          case BUG -> 502;
        };
    return new GatewayException(status, e.kind(), String.valueOf(e.getMessage()));
  }

  static GatewayException notFound(String what) {
    return new GatewayException(404, SourceException.Kind.USER, what + " not found");
  }

  static GatewayException forbidden(String why) {
    return new GatewayException(403, SourceException.Kind.USER, why);
  }

  int status() {
    return status;
  }

  String kind() {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
