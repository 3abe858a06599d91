package io.llmaz.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A real kube-apiserver with its own etcd on loopback: RBAC, admission and server-side apply as on
 * a cluster, and nothing that runs Pods. Its controllers are there too where {@link
 * KubeControllerManager} is started beside it.
 *
 * <p>Flags: <a
 * href="https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/">kube-apiserver</a>.
 */
public final class KubeApiServer implements AutoCloseable {
  private final Path directory;
  private final int port;
  private final String token = UUID.randomUUID().toString();
  private final Etcd etcd;
  private final RunningProgram program;

  /** Whether it and etcd are on this machine. */
  public static boolean installed() {
    return Tools.installed("kube-apiserver", "etcd");
  }

  /** Starts one that keeps its files in a folder of this parent, and returns when it is ready. */
  public KubeApiServer(Path parent) throws IOException {
    this(parent, List.of());
  }

  /** The same with more flags. */
  public KubeApiServer(Path parent, List<String> flags) throws IOException {
    directory = Files.createDirectories(parent.resolve("kube-apiserver"));
    port = FreePorts.of(1).getFirst();
    Path accounts = directory.resolve("accounts.key");
    Files.writeString(accounts, privateKey());
    Path tokens = directory.resolve("tokens.csv");
    Files.writeString(tokens, token + ",admin,admin,\"system:masters\"\n");
    List<String> command = new ArrayList<>();
    etcd = new Etcd(directory);
    try {
      command.addAll(
          List.of(
              Tools.require("kube-apiserver").toString(),
              "--etcd-servers=" + etcd.address(),
              "--bind-address=127.0.0.1",
              "--advertise-address=127.0.0.1",
              "--secure-port=" + port,
              "--cert-dir=" + directory.resolve("certificates"),
              "--service-account-issuer=https://kubernetes.default.svc",
              "--service-account-key-file=" + accounts,
              "--service-account-signing-key-file=" + accounts,
              "--token-auth-file=" + tokens,
              "--authorization-mode=RBAC",
              // Room for a Service of each of ten thousand Playgrounds.
              "--service-cluster-ip-range=10.0.0.0/16",
              "--allow-privileged",
              "--profiling=false",
              // No kubelet and no other client stays behind that a quick end could harm.
              "--shutdown-delay-duration=0s"));
      command.addAll(flags);
      program =
          new RunningProgram(
              command, directory.resolve("out.log"), () -> RunningProgram.listens(port) && ready());
    } catch (IOException | RuntimeException e) {
      etcd.close();
      throw e;
    }
    Files.writeString(kubeconfig(), kubeconfigText());
  }

  /** Where it listens: {@code https://127.0.0.1:<port>}. */
  public String address() {
    return "https://127.0.0.1:" + port;
  }

  /** The bearer token of a member of {@code system:masters}. */
  public String token() {
    return token;
  }

  /** Its certificate in PEM, which clients trust. */
  public Path certificate() {
    return directory.resolve("certificates/apiserver.crt");
  }

  /** A kubeconfig for that member. */
  public Path kubeconfig() {
    return directory.resolve("kubeconfig");
  }

  /** The key that signs service-account tokens. */
  Path accountsKey() {
    return directory.resolve("accounts.key");
  }

  /** The process ids of the API server and its etcd, to measure them. */
  public List<Long> pids() {
    return List.of(program.pid(), etcd.pid());
  }

  @Override
  public void close() {
    program.close();
    etcd.close();
  }

  private boolean ready() {
    return HttpsProbe.answers(address() + "/readyz", certificate(), token);
  }

  private String kubeconfigText() {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: real, cluster: {server: "%s", certificate-authority: %s}}]
    users: [{name: admin, user: {token: %s}}]
    contexts: [{name: real, context: {cluster: real, user: admin}}]
    current-context: real
    """
        .formatted(address(), certificate(), token);
  }

  private static String privateKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder().encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has RSA.
    }
  }
}
