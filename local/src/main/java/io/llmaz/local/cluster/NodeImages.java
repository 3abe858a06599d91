package io.llmaz.local.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The images of one node: programs of this machine, and images pulled, verified and unpacked once.
 *
 * <p>An unpacked image is a folder named by its manifest's digest, which appears by a rename when
 * all its layers are in it. Pulls of one node go one after another.
 */
final class NodeImages {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MANIFESTS =
      String.join(
          ", ",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.v2+json");

  private final Path folder;
  private final LocalImages local;
  private final RegistryMirror mirror;
  private final ReentrantLock pulling = new ReentrantLock();
  // Guarded by pulling.
  private final Map<String, ImageProgram> pulled = new HashMap<>();

  NodeImages(Path folder, LocalImages local, RegistryMirror mirror) {
    this.folder = folder;
    this.local = local;
    this.mirror = mirror;
  }

  /** Whether the next {@link #get} has to ask a registry. */
  boolean isHere(String image) {
    pulling.lock();
    try {
      return local.find(image).isPresent() || pulled.containsKey(image);
    } finally {
      pulling.unlock();
    }
  }

  /** What an image runs. */
  ImageProgram get(String image) throws ContainerProblem, InterruptedException {
    Optional<ImageProgram> mapped = local.find(image);
    if (mapped.isPresent()) {
      return mapped.get();
    }
    ImageName name = ImageName.parse(image);
    pulling.lockInterruptibly();
    try {
      ImageProgram before = pulled.get(image);
      if (before != null) {
        return before;
      }
      ImageProgram program = pull(name);
      pulled.put(image, program);
      return program;
    } catch (IOException | IllegalArgumentException e) {
      throw new ContainerProblem(
          "ErrImagePull",
          "no program of this machine runs \""
              + image
              + "\", and pulling it failed: "
              + e.getMessage(),
          e);
    } finally {
      pulling.unlock();
    }
  }

  private ImageProgram pull(ImageName name) throws IOException, InterruptedException {
    Document top = manifest(name, name.reference());
    Document manifest = top;
    if (top.json().has("manifests")) {
      manifest = manifest(name, digestForThisMachine(top.json()));
    }
    Path image = folder.resolve(manifest.sha256());
    Path root = image.resolve("root");
    Path configFile = image.resolve("config.json");
    if (!Files.isDirectory(image)) {
      Files.createDirectories(folder);
      Path writing = Files.createTempDirectory(folder, ".pull");
      try {
        Path config = blob(name, manifest.json().path("config"), writing);
        Files.move(config, writing.resolve("config.json"));
        Path unpacked = Files.createDirectory(writing.resolve("root"));
        for (JsonNode layer : manifest.json().path("layers")) {
          Path blob = blob(name, layer, writing);
          LayerUnpacking.unpack(blob, layer.path("mediaType").asText(), unpacked);
          Files.delete(blob);
        }
        Files.move(writing, image, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Folders.delete(writing);
      }
    }
    return program(manifest.sha256(), JSON.readTree(configFile.toFile()).path("config"), root);
  }

  private record Document(String sha256, JsonNode json) {}

  private Document manifest(ImageName name, String reference)
      throws IOException, InterruptedException {
    byte[] bytes;
    try (InputStream in = mirror.open(name, "manifests/" + reference, MANIFESTS)) {
      bytes = in.readAllBytes();
    }
    DigestInputStream digest = sha256(new ByteArrayInputStream(bytes));
    digest.readAllBytes();
    String hex = HexFormat.of().formatHex(digest.getMessageDigest().digest());
    if (reference.startsWith("sha256:") && !reference.equals("sha256:" + hex)) {
      throw new IOException("the manifest's bytes are sha256:" + hex + ", not " + reference);
    }
    return new Document(hex, JSON.readTree(bytes));
  }

  private static String digestForThisMachine(JsonNode index) throws IOException {
    String architecture =
        switch (System.getProperty("os.arch")) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          case String other -> other;
        };
    for (JsonNode manifest : index.path("manifests")) {
      if (manifest.at("/platform/os").asText().equals("linux")
          && manifest.at("/platform/architecture").asText().equals(architecture)) {
        return manifest.path("digest").asText();
      }
    }
    throw new IOException("the image has nothing for linux/" + architecture);
  }

  private Path blob(ImageName name, JsonNode descriptor, Path into)
      throws IOException, InterruptedException {
    String digest = descriptor.path("digest").asText();
    if (!digest.matches("sha256:[0-9a-f]{64}")) {
      throw new IOException("a manifest names a blob without sha256: " + digest);
    }
    Path file = into.resolve(digest.substring(7));
    DigestInputStream in = sha256(mirror.open(name, "blobs/" + digest, "*/*"));
    try (in;
        OutputStream out = Files.newOutputStream(file)) {
      in.transferTo(out);
    }
    String hex = HexFormat.of().formatHex(in.getMessageDigest().digest());
    if (!digest.equals("sha256:" + hex) || Files.size(file) != descriptor.path("size").asLong(-1)) {
      throw new IOException("a blob's bytes are not those of its digest " + digest);
    }
    return file;
  }

  private static DigestInputStream sha256(InputStream in) {
    try {
      return new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private ImageProgram program(String sha256, JsonNode config, Path root) {
    Map<String, String> environment = new HashMap<>();
    for (String variable : strings(config.path("Env"))) {
      int equals = variable.indexOf('=');
      // The image's PATH leads into the image, where nothing runs on this machine.
      if (equals > 0 && !variable.startsWith("PATH=")) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return new ImageProgram(
        "sha256:" + sha256,
        strings(config.path("Entrypoint")),
        strings(config.path("Cmd")),
        environment,
        Optional.of(root));
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(text -> strings.add(text.asText()));
    return strings;
  }
}
