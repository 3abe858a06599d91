package io.llmaz.dragonfly;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Answers a streaming call with its headers at once. grpc-java sends them with the first message;
 * Dragonfly's clients give up a call whose headers do not come within ten seconds, even where the
 * first message may take as long as it likes (reference: tonic's request timeout in
 * dragonfly-client).
 */
public final class EarlyHeaders implements ServerInterceptor {

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (call.getMethodDescriptor().getType() == MethodType.UNARY) {
      return next.startCall(call, headers);
    }
    call.sendHeaders(new Metadata());
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendHeaders(Metadata late) {
            // They are sent already.
          }
        },
        headers);
  }
}
