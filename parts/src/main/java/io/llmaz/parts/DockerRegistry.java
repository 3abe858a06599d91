package io.llmaz.parts;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The registry of the distribution project (Debian's {@code docker-registry}) on loopback. */
public final class DockerRegistry implements AutoCloseable {
  private final RunningProgram program;
  private final String address;
  private final Path log;

  /** Whether it is on this machine. */
  public static boolean installed() {
    return Tools.installed("docker-registry");
  }

  private DockerRegistry(Path storage, String authentication) throws IOException {
    int port = FreePorts.of(1).getFirst();
    address = "127.0.0.1:" + port;
    Files.createDirectories(storage);
    Path config = Files.createTempFile(storage, "config", ".yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: warn}
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: "%s", secret: test}
        %s
        """
            .formatted(storage, address, authentication));
    log = storage.resolve("registry-" + port + ".log");
    program =
        new RunningProgram(
            List.of(Tools.require("docker-registry").toString(), "serve", config.toString()),
            log,
            () -> RunningProgram.listens(port));
  }

  /**
   * Everybody may read and write.
   *
   * @param storage where images are kept, also for the next registry at the same place
   */
  public static DockerRegistry open(Path storage) throws IOException {
    return new DockerRegistry(storage, "");
  }

  /**
   * For those in a password file.
   *
   * @param htpasswd {@code user:<bcrypt>}
   */
  public static DockerRegistry withPasswords(Path storage, String htpasswd) throws IOException {
    Files.createDirectories(storage);
    Path passwords = Files.writeString(storage.resolve("htpasswd"), htpasswd + "\n");
    return new DockerRegistry(
        storage, "auth: {htpasswd: {realm: test, path: %s}}".formatted(passwords));
  }

  /**
   * For those with a token.
   *
   * @param realm where tokens are given
   * @param service the tokens' audience
   * @param issuer of the tokens
   * @param certificates PEM, of who may sign them
   */
  public static DockerRegistry withTokens(
      Path storage, URI realm, String service, String issuer, Path certificates)
      throws IOException {
    return new DockerRegistry(
        storage,
        "auth: {token: {realm: \"%s\", service: \"%s\", issuer: \"%s\", rootcertbundle: %s}}"
            .formatted(realm, service, issuer, certificates));
  }

  /**
   * Bytes that it gave of one address, by its access log.
   *
   * @param path the end of it, without query
   */
  public long sent(String path) throws IOException {
    Pattern line =
        Pattern.compile("\"GET \\S*" + Pattern.quote(path) + "(?:\\?\\S*)? \\S+\" 20\\d (\\d+)");
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .map(line::matcher)
          .filter(Matcher::find)
          .mapToLong(match -> Long.parseLong(match.group(1)))
          .sum();
    }
  }

  /** {@code host:port}, as in the name of an image; without TLS. */
  public String address() {
    return address;
  }

  @Override
  public void close() {
    program.close();
  }
}
