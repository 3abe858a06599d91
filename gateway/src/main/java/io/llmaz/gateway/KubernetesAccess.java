package io.llmaz.gateway;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
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
  private static final String POD = "authentication.kubernetes.io/pod-uid";
  private static final Duration KEPT = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final LoadingCache<String, Optional<Caller>> callers;
  private final LoadingCache<Question, Boolean> answers;

  private record Question(
      String caller, List<String> groups, String verb, String resource, String name) {}

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
    return answers.get(question(caller, "get", "openmodels", model));
  }

  @Override
  public boolean mayCreateTasks(Caller caller) {
    return answers.get(question(caller, "create", "p2ptasks", ""));
  }

  private static Question question(Caller caller, String verb, String resource, String name) {
    return new Question(caller.name(), caller.groups(), verb, resource, name);
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
                review.getStatus().getUser().getGroups(),
                pod(review.getStatus().getUser())))
        : Optional.empty();
  }

  private static Optional<String> pod(UserInfo user) {
    return Optional.ofNullable(user.getExtra())
        .map(extra -> extra.get(POD))
        .flatMap(pods -> pods.stream().findFirst());
  }

  private boolean ask(Question question) {
    return Boolean.TRUE.equals(
        client
            .resource(
                new SubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withUser(question.caller())
                    .withGroups(question.groups())
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
