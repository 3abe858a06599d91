package io.llmaz.local.engine.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.llmaz.local.engine.transfer.TransferException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told when a call fails. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private Failures() {}

  static StatusException of(Throwable failure) {
    return switch (failure) {
      case StatusException known -> known;
      case TransferException transfer -> of(transfer);
      case IllegalArgumentException bad ->
          Status.INVALID_ARGUMENT.withDescription(bad.getMessage()).asException();
      case FileAlreadyExistsException there ->
          Status.ALREADY_EXISTS
              .withDescription("output exists: " + there.getMessage())
              .asException();
      case IOException io ->
          Status.INTERNAL.withDescription(String.valueOf(io.getMessage())).asException();
      default -> {
        log.error("A call failed as it never should", failure);
        yield Status.INTERNAL.withDescription(failure.toString()).asException();
      }
    };
  }

  private static StatusException of(TransferException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.reason()) {
      case SOURCE ->
          Status.INTERNAL
              .withDescription("backend error: " + message)
              .asException(backend(message, failure));
      case STORE_FULL -> Status.RESOURCE_EXHAUSTED.withDescription(message).asException();
      case CANCELLED -> Status.ABORTED.withDescription(message).asException();
      case NO_PEERS -> Status.FAILED_PRECONDITION.withDescription(message).asException();
      case FAILED -> Status.INTERNAL.withDescription(message).asException();
    };
  }

  /** Dragonfly puts errordetails.v2.Backend as JSON where others put a protobuf message. */
  private static Metadata backend(String message, TransferException failure) {
    Map<String, Object> backend = new LinkedHashMap<>();
    backend.put("message", message);
    backend.put("header", failure.sourceHeaders());
    backend.put("status_code", failure.sourceStatus() == 0 ? null : failure.sourceStatus());
    Metadata trailers = new Metadata();
    try {
      trailers.put(DETAILS, JSON.writeValueAsString(backend).getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return trailers;
  }
}
