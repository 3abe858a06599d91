package io.llmaz.local.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Questions that are answered and not stored: TokenReview, SubjectAccessReview and its like. */
final class Reviews {
  static final String AUTHENTICATION = "authentication.k8s.io";
  static final String AUTHORIZATION = "authorization.k8s.io";
  static final Map<String, List<String>> KINDS =
      Map.of(
          AUTHENTICATION, List.of("TokenReview"),
          AUTHORIZATION, List.of("SubjectAccessReview", "SelfSubjectAccessReview"));

  private final Tokens tokens;
  private final Rbac rbac;

  Reviews(Tokens tokens, Rbac rbac) {
    this.tokens = tokens;
    this.rbac = rbac;
  }

  static boolean serves(String group) {
    return KINDS.containsKey(group);
  }

  Optional<ObjectNode> answer(String resource, ObjectNode review, User asker) {
    return switch (resource) {
      case "tokenreviews" -> Optional.of(token(review));
      case "subjectaccessreviews" -> Optional.of(access(review, subject(review)));
      case "selfsubjectaccessreviews" -> Optional.of(access(review, asker));
      default -> Optional.empty();
    };
  }

  private ObjectNode token(ObjectNode review) {
    JsonNode spec = review.path("spec");
    Set<String> wanted = new java.util.TreeSet<>();
    spec.path("audiences").forEach(audience -> wanted.add(audience.asText()));
    if (wanted.isEmpty()) {
      wanted.add(Tokens.OWN_AUDIENCE);
    }
    Optional<Tokens.Verified> verified =
        tokens
            .verify(spec.path("token").asText())
            .filter(token -> token.audiences().stream().anyMatch(wanted::contains));
    ObjectNode status = review.putObject("status");
    status.put("authenticated", verified.isPresent());
    if (verified.isEmpty()) {
      status.put("error", "the token is not valid for " + wanted);
      return review;
    }
    User user = verified.get().user();
    ObjectNode about = status.putObject("user").put("username", user.name());
    user.groups().forEach(about.putArray("groups")::add);
    wanted.retainAll(verified.get().audiences());
    wanted.forEach(status.putArray("audiences")::add);
    return review;
  }

  private ObjectNode access(ObjectNode review, User user) {
    JsonNode wanted = review.path("spec").path("resourceAttributes");
    String subresource = wanted.path("subresource").asText("");
    boolean allowed =
        rbac.allows(
            user,
            new Rbac.Access(
                wanted.path("verb").asText(),
                wanted.path("group").asText(""),
                wanted.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
                wanted.path("namespace").asText(""),
                wanted.path("name").asText("")));
    review.putObject("status").put("allowed", allowed);
    return review;
  }

  private static User subject(JsonNode review) {
    List<String> groups = new ArrayList<>();
    review.path("spec").path("groups").forEach(group -> groups.add(group.asText()));
    return new User(review.path("spec").path("user").asText(), groups);
  }
}
