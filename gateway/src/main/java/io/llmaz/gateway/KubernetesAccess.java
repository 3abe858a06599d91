package io.llmaz.gateway;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.llmaz.api.Groups;
import io.llmaz.api.Names;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * TokenReview and SubjectAccessReview. A pod's token is made for us (audience {@code
 * llmaz-gateway}); the operator's is its own for the API server. Answers are kept for a moment, so
 * that a thousand loaders do not ask a thousand times the same.
 */
final class KubernetesAccess implements Access {
  private static final Duration KEPT = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final LoadingCache<String, Optional<Caller>> callers;
  private final LoadingCache<Question, Boolean> answers;

  private record Question(Caller caller, String verb, String resource, String name) {}

  KubernetesAccess(KubernetesClient client) {
    this.client = client;
    this.callers =
        Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(KEPT).build(this::review);
    this.answers =
        Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(KEPT).build(this::ask);
  }

  @Override
  public Optional<Caller> authenticate(String token) {
    return callers.get(token);
  }

  @Override
  public boolean mayReadModel(Caller caller, String model) {
    return answers.get(new Question(caller, "get", "openmodels", model));
  }

  @Override
  public boolean mayCreateTasks(Caller caller) {
    return answers.get(new Question(caller, "create", "p2ptasks", ""));
  }

  private Optional<Caller> review(String token) {
    return review(token, List.of(Names.GATEWAY_AUDIENCE)).or(() -> review(token, List.of()));
  }

  private Optional<Caller> review(String token, List<String> audiences) {
    TokenReview review =
        client
            .resource(
                new TokenReviewBuilder()
                    .withNewSpec()
                    .withToken(token)
                    .withAudiences(audiences)
                    .endSpec()
                    .build())
            .create();
    return Boolean.TRUE.equals(review.getStatus().getAuthenticated())
        ? Optional.of(
            new Caller(
                review.getStatus().getUser().getUsername(),
                review.getStatus().getUser().getGroups()))
        : Optional.empty();
  }

  private boolean ask(Question question) {
    return Boolean.TRUE.equals(
        client
            .resource(
                new SubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withUser(question.caller().name())
                    .withGroups(question.caller().groups())
                    .withNewResourceAttributes()
                    .withGroup(Groups.LLMAZ)
                    .withVersion(Groups.VERSION)
                    .withResource(question.resource())
                    .withVerb(question.verb())
                    .withName(question.name().isEmpty() ? null : question.name())
                    .endResourceAttributes()
                    .endSpec()
                    .build())
            .create()
            .getStatus()
            .getAllowed());
  }
}
