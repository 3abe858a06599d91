package io.llmaz.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a registry as containerd does with a mirror configured: first by way of the node's daemon,
 * then, when the daemon is away or fails, from the registry itself.
 *
 * <p>The daemon learns which registry is meant from {@code ns} and {@code X-Dragonfly-Registry}. A
 * registry's challenge for an anonymous token is answered, and the token used again. Safe for
 * several threads.
 */
final class RegistryMirror {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Pattern CHALLENGE =
      Pattern.compile("Bearer realm=\"([^\"]+)\"(?:,service=\"([^\"]*)\")?.*");

  private final HttpClient client;
  private final Optional<URI> daemon;
  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  RegistryMirror(HttpClient client, Optional<URI> daemon) {
    this.client = client;
    this.daemon = daemon;
  }

  /** Opens {@code /v2/<repository>/<what>}. */
  InputStream open(ImageName image, String what, String accept)
      throws IOException, InterruptedException {
    if (daemon.isPresent()) {
      try {
        return open(image, daemon.get(), what, accept);
      } catch (IOException e) {
        try {
          return open(image, image.registryAddress(), what, accept);
        } catch (IOException direct) {
          direct.addSuppressed(e);
          throw direct;
        }
      }
    }
    return open(image, image.registryAddress(), what, accept);
  }

  private InputStream open(ImageName image, URI base, String what, String accept)
      throws IOException, InterruptedException {
    String repository = image.registry() + "/" + image.repository();
    HttpResponse<InputStream> answer =
        send(image, base, what, accept, Optional.ofNullable(tokens.get(repository)));
    if (answer.statusCode() == 401) {
      answer.body().close();
      Optional<String> token = token(image, answer);
      if (token.isPresent()) {
        tokens.put(repository, token.get());
        answer = send(image, base, what, accept, token);
      }
    }
    if (answer.statusCode() != 200) {
      answer.body().close();
      throw new IOException(
          image.registry()
              + "/"
              + image.repository()
              + " "
              + what
              + ": HTTP "
              + answer.statusCode()
              + " from "
              + base.getAuthority());
    }
    return answer.body();
  }

  private HttpResponse<InputStream> send(
      ImageName image, URI base, String what, String accept, Optional<String> token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                base.resolve("/v2/" + image.repository() + "/" + what + "?ns=" + image.registry()))
            .timeout(TIMEOUT)
            .header("User-Agent", "llmaz-local-node")
            .header("X-Dragonfly-Registry", image.registryAddress().toString())
            .header("Accept", accept);
    token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    return client.send(request.build(), BodyHandlers.ofInputStream());
  }

  private Optional<String> token(ImageName image, HttpResponse<InputStream> challenged)
      throws IOException, InterruptedException {
    Matcher challenge =
        CHALLENGE.matcher(challenged.headers().firstValue("WWW-Authenticate").orElse(""));
    if (!challenge.matches()) {
      return Optional.empty();
    }
    String realm = challenge.group(1);
    String service = challenge.group(2) == null ? "" : "service=" + challenge.group(2) + "&";
    String and = realm.indexOf('?') < 0 ? "?" : "&";
    URI address =
        URI.create(realm + and + service + "scope=repository:" + image.repository() + ":pull");
    HttpResponse<byte[]> answer =
        client.send(
            HttpRequest.newBuilder(address).timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
    JsonNode body = new ObjectMapper().readTree(answer.body());
    String token = body.path("token").asText(body.path("access_token").asText(""));
    return token.isEmpty() ? Optional.empty() : Optional.of(token);
  }
}
