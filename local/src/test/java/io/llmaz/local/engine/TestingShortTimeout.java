package io.llmaz.local.engine;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** Sends a {@code grpc-timeout} that the client itself does not keep, as tonic's channels do. */
final class TestingShortTimeout implements ClientInterceptor {
  private static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
  private final String timeout;

  private TestingShortTimeout(String timeout) {
    this.timeout = timeout;
  }

  static TestingShortTimeout of(String timeout) {
    return new TestingShortTimeout(timeout);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        headers.put(TIMEOUT, timeout);
        super.start(listener, headers);
      }
    };
  }
}
