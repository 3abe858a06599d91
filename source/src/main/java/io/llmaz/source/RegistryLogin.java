package io.llmaz.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Logs in as a registry's 401 asks: {@code Basic}, or {@code Bearer} with a token from its realm
 * (source: distribution.github.io/distribution/spec/auth/token). Safe for many threads.
 */
public final class RegistryLogin implements RangedFile.Credentials {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  /** Who we are at which registry. */
  public interface Accounts {
    /** {@code user:password} for a registry's host; empty for anonymous access. */
    Optional<String> of(String registry);
  }

  private final OriginHttp http;
  private final ImageName name;
  private final Accounts accounts;
  // A header's value, renewed by whoever meets a 401; all values are as good.
  private volatile Optional<String> authorization = Optional.empty();

  RegistryLogin(OriginHttp http, ImageName name, Accounts accounts) {
    this.http = http;
    this.name = name;
    this.accounts = accounts;
  }

  @Override
  public Map<String, String> headers() {
    return authorization.map(value -> Map.of("Authorization", value)).orElse(Map.of());
  }

  @Override
  public SourceException refused(int status) {
    // Whoever asks next begins by logging in.
    authorization = Optional.empty();
    return new SourceException(
        SourceException.Kind.USER,
        name.registry()
            + " refuses "
            + name.repository()
            + " ("
            + status
            + "): "
            + (accounts.of(name.registry()).isPresent()
                ? "the account has no access to it"
                : "it is private or does not exist, and there is no account for the registry"));
  }

  /** Follows a challenge; false when there is none that can be met. */
  @Override
  public boolean accept(HttpHeaders challenge) {
    String header = challenge.firstValue("WWW-Authenticate").orElse("");
    Optional<String> basic =
        accounts
            .of(name.registry())
            .map(a ->
                "Basic " + Base64.getEncoder().encodeToString(a.getBytes(StandardCharsets.UTF_8)));
    if (header.regionMatches(true, 0, "basic", 0, 5)) {
      authorization = basic;
      return basic.isPresent();
    }
    if (!header.regionMatches(true, 0, "bearer", 0, 6)) {
      return false;
    }
    Map<String, String> parameters = new java.util.HashMap<>();
    Matcher matcher = PARAMETER.matcher(header);
    while (matcher.find()) {
      parameters.put(matcher.group(1), matcher.group(2));
    }
    authorization = Optional.of("Bearer " + token(parameters, basic));
    return true;
  }

  private String token(Map<String, String> parameters, Optional<String> basic) {
    String realm = parameters.getOrDefault("realm", "");
    String scope = parameters.getOrDefault("scope", "repository:" + name.repository() + ":pull");
    URI uri =
        URI.create(
            realm
                + (realm.contains("?") ? "&" : "?")
                + "service="
                + encode(parameters.getOrDefault("service", ""))
                + "&scope="
                + encode(scope));
    OriginAnswer response =
        http.get(uri, basic.map(value -> Map.of("Authorization", value)).orElse(Map.of()));
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw refused(response.statusCode());
      }
      JsonNode answer = JSON.readTree(body);
      return answer.path("token").asText(answer.path("access_token").asText());
    } catch (IOException e) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT,
          uri.getHost() + " gave no token: " + OriginHttp.describe(e),
          e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
