package io.llmaz.local.engine.rpc;

import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sending side of a stream for a thread that may block: {@link #send} waits while the client
 * does not read, so that pieces do not pile up in memory. Made inside the service method, as
 * grpc-java wants its handlers set there; used by one thread afterwards.
 */
final class Outbox<T> {
  private final ServerCallStreamObserver<T> answer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  Outbox(ServerCallStreamObserver<T> answer) {
    this.answer = answer;
    answer.setOnReadyHandler(this::wake);
    answer.setOnCancelHandler(this::wake);
  }

  boolean cancelled() {
    return answer.isCancelled();
  }

  void send(T message) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!answer.isReady() && !answer.isCancelled()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
    if (!answer.isCancelled()) {
      answer.onNext(message);
    }
  }

  void complete() {
    if (!answer.isCancelled()) {
      answer.onCompleted();
    }
  }

  void fail(StatusException failure) {
    if (!answer.isCancelled()) {
      answer.onError(failure);
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
