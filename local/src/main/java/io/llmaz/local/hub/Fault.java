package io.llmaz.local.hub;

import java.time.Duration;
import java.util.Map;

/** Something that goes wrong with an answer. */
public sealed interface Fault {

  /**
   * Answers with an error instead.
   *
   * @param status HTTP status
   * @param headers for example {@code Retry-After}
   */
  record Status(int status, Map<String, String> headers) implements Fault {
    public Status {
      headers = Map.copyOf(headers);
    }

    /** An error without further headers. */
    public Status(int status) {
      this(status, Map.of());
    }
  }

  /**
   * Promises the whole content and closes the connection early.
   *
   * @param afterBytes how much of the answer is sent
   */
  record Truncation(long afterBytes) implements Fault {}

  /**
   * Answers late.
   *
   * @param delay before the first byte
   */
  record Delay(Duration delay) implements Fault {}

  /** Sends content whose first byte has all its bits flipped. */
  record WrongBytes() implements Fault {}

  /**
   * Names sizes in listings and headers that are not those of the content.
   *
   * @param difference what is added to the true size, in bytes
   */
  record WrongSize(long difference) implements Fault {}
}
