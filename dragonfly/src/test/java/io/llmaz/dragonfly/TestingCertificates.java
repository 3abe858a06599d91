package io.llmaz.dragonfly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An authority and what it signed, made by the JDK's keytool, as PEM files. */
public final class TestingCertificates {
  private static final String PASSWORD = "testing";

  private final Path directory;

  /** Makes an authority. */
  public TestingCertificates(Path directory) throws IOException, InterruptedException {
    this.directory = Files.createDirectories(directory);
    generate("ca", "-ext", "bc:c");
  }

  /**
   * A folder with {@code ca.crt}, {@code tls.crt} and {@code tls.key} (PKCS 8).
   *
   * @param alternatives subject alternative names, as {@code ip:127.0.0.1} or {@code dns:name}
   */
  public Path issue(String name, String alternatives)
      throws IOException, InterruptedException, GeneralSecurityException {
    generate(name, "-signer", "ca", "-ext", "san=" + alternatives);
    Path folder = Files.createDirectories(directory.resolve(name));
    KeyStore store =
        KeyStore.getInstance(directory.resolve("store").toFile(), PASSWORD.toCharArray());
    Files.writeString(folder.resolve("ca.crt"), pem(store.getCertificate("ca")));
    Files.writeString(folder.resolve("tls.crt"), pem(store.getCertificate(name)));
    Files.writeString(
        folder.resolve("tls.key"),
        pem("PRIVATE KEY", store.getKey(name, PASSWORD.toCharArray()).getEncoded()));
    return folder;
  }

  /** What a server is started with that shows this certificate. */
  SSLContext server(String name) throws IOException, GeneralSecurityException {
    char[] password = PASSWORD.toCharArray();
    KeyStore all = KeyStore.getInstance(directory.resolve("store").toFile(), password);
    KeyStore one = KeyStore.getInstance(KeyStore.getDefaultType());
    one.load(null, null);
    one.setKeyEntry(name, all.getKey(name, password), password, all.getCertificateChain(name));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(one, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private void generate(String name, String... more) throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-dname", "CN=" + name, "-validity", "2"));
    command.addAll(List.of(more));
    keytool(command.toArray(String[]::new));
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", file("store"), "-storepass", PASSWORD));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool: " + Files.readString(directory.resolve("keytool.log")));
    }
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), what);
  }
}
