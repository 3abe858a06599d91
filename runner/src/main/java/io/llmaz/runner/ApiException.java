package io.llmaz.runner;

import org.jspecify.annotations.Nullable;

/** A request that is answered with an error in OpenAI's shape. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final @Nullable String parameter;
  private final @Nullable String code;

  private ApiException(
      int status,
      String type,
      String message,
      @Nullable String parameter,
      @Nullable String code,
      @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.type = type;
    this.parameter = parameter;
    this.code = code;
  }

  static ApiException badRequest(String message, @Nullable String parameter) {
    return new ApiException(400, "invalid_request_error", message, parameter, null, null);
  }

  static ApiException malformed(String message, Throwable cause) {
    return new ApiException(400, "invalid_request_error", message, null, null, cause);
  }

  static ApiException tooLong(int tokens, int most) {
    return new ApiException(
        400,
        "invalid_request_error",
        "This model takes at most " + most + " tokens, the input has " + tokens,
        "input",
        "context_length_exceeded",
        null);
  }

  static ApiException unknownModel(String model) {
    return new ApiException(
        404,
        "invalid_request_error",
        "The model `" + model + "` does not exist",
        "model",
        "model_not_found",
        null);
  }

  static ApiException unknownPath(String method, String path) {
    return new ApiException(
        404,
        "invalid_request_error",
        "Unknown request URL: " + method + " " + path,
        null,
        "unknown_url",
        null);
  }

  static ApiException wrongMethod(String method, String path) {
    return new ApiException(
        405, "invalid_request_error", "Not allowed: " + method + " " + path, null, null, null);
  }

  static ApiException tooLarge(int mostBytes) {
    return new ApiException(
        413,
        "invalid_request_error",
        "The request is larger than " + mostBytes + " bytes",
        null,
        null,
        null);
  }

  static ApiException loading() {
    return new ApiException(
        503, "server_error", "The model is still loading", null, "model_loading", null);
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  @Nullable String parameter() {
    return parameter;
  }

  @Nullable String code() {
    return code;
  }
}
