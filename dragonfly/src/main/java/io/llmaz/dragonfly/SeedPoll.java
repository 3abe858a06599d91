package io.llmaz.dragonfly;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.llmaz.dragonfly.EngineException.Reason;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc;
import io.llmaz.dragonfly.api.dfdaemon.DfdaemonUploadGrpc.DfdaemonUploadBlockingStub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What all seeds say to one question.
 *
 * @param answers of those that know the task
 * @param answered how many spoke at all, also to say that they do not know it
 * @param failure of one that could not do it
 * @param away of one that did not speak
 */
record SeedPoll<A>(
    List<A> answers,
    int answered,
    Optional<EngineException> failure,
    Optional<EngineException> away) {

  private static final Pattern UNKNOWN_TASK = Pattern.compile("task \\S+ not found");

  static <A> SeedPoll<A> ask(
      List<SeedAddress> seeds,
      Channels channels,
      Duration deadline,
      Function<DfdaemonUploadBlockingStub, A> question) {
    List<A> answers = new ArrayList<>();
    int answered = 0;
    Optional<EngineException> failure = Optional.empty();
    Optional<EngineException> away = Optional.empty();
    for (SeedAddress seed : seeds) {
      try {
        answers.add(
            question.apply(
                DfdaemonUploadGrpc.newBlockingStub(channels.to(seed))
                    .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)));
        answered++;
      } catch (StatusRuntimeException e) {
        if (isUnknown(e.getStatus())) {
          answered++;
          continue;
        }
        EngineException why = EngineFailures.of(seed, e.getStatus(), e.getTrailers(), e);
        if (why.reason() == Reason.UNAVAILABLE) {
          away = Optional.of(why);
        } else {
          failure = Optional.of(why);
        }
      }
    }
    return new SeedPoll<>(List.copyOf(answers), answered, failure, away);
  }

  /** Throws when nobody spoke. */
  void requireAnyone() {
    failure.ifPresent(SeedPoll::raise);
    if (answered == 0) {
      throw away.orElseGet(() -> new EngineException(Reason.UNAVAILABLE, "no seed is known"));
    }
  }

  /** For a task it does not know, dfdaemon 1.5.10 says INTERNAL to a delete. */
  private static boolean isUnknown(Status status) {
    String description = status.getDescription();
    return switch (status.getCode()) {
      case NOT_FOUND -> true;
      case INTERNAL -> description != null && UNKNOWN_TASK.matcher(description).matches();
      default -> false;
    };
  }

  private static void raise(EngineException failure) {
    throw failure;
  }
}
