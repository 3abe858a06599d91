package io.llmaz.local.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image as a registry keeps it: an index over one manifest for each platform, which differ only
 * in their configuration, for what we put into images is Java.
 *
 * @param image what it was made of
 * @param index digest in hex of the index, which the tag points to
 * @param manifests index and manifests by digest in hex; their media type is {@link #INDEX} for the
 *     index, else {@link #MANIFEST}
 * @param blobs configurations and layers by digest in hex
 */
record StoredImage(
    DemoImage image, String index, Map<String, Content> manifests, Map<String, Content> blobs) {
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes an image's blobs into a folder, named by their digests. */
  static StoredImage write(DemoImage image, Path folder) throws IOException {
    Map<String, Content> manifests = new HashMap<>();
    Map<String, Content> blobs = new HashMap<>();
    List<Content> layers = new ArrayList<>();
    for (Map<String, Path> layer : image.layers()) {
      layers.add(put(blobs, writeLayer(layer, folder)));
    }
    List<Map<String, Object>> platforms = new ArrayList<>();
    for (String architecture : ARCHITECTURES) {
      Content config = put(blobs, writeJson(config(image, architecture, layers), folder));
      Content manifest =
          put(
              manifests,
              writeJson(
                  ordered(
                      "schemaVersion",
                      2,
                      "mediaType",
                      MANIFEST,
                      "config",
                      descriptor(CONFIG, config),
                      "layers",
                      layers.stream().map(layer -> descriptor(LAYER, layer)).toList()),
                  folder));
      Map<String, Object> platform = descriptor(MANIFEST, manifest);
      platform.put("platform", ordered("architecture", architecture, "os", "linux"));
      platforms.add(platform);
    }
    Content index =
        put(
            manifests,
            writeJson(
                ordered("schemaVersion", 2, "mediaType", INDEX, "manifests", platforms), folder));
    return new StoredImage(image, index.sha256(), Map.copyOf(manifests), Map.copyOf(blobs));
  }

  private static Content put(Map<String, Content> where, Content content) {
    where.put(content.sha256(), content);
    return content;
  }

  private static Map<String, Object> config(
      DemoImage image, String architecture, List<Content> layers) {
    return ordered(
        "architecture",
        architecture,
        "os",
        "linux",
        "config",
        ordered("Entrypoint", image.entrypoint(), "WorkingDir", "/"),
        "rootfs",
        ordered(
            "type",
            "layers",
            "diff_ids",
            layers.stream().map(layer -> "sha256:" + layer.sha256()).toList()));
  }

  private static Map<String, Object> descriptor(String mediaType, Content content) {
    return ordered(
        "mediaType", mediaType, "digest", "sha256:" + content.sha256(), "size", content.size());
  }

  private static Map<String, Object> ordered(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  private interface Body {
    void write(OutputStream out) throws IOException;
  }

  private static Content writeJson(Object value, Path folder) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(value);
    return write(folder, out -> out.write(bytes));
  }

  /**
   * A plain tar: jars are compressed already. Sorted and without times, so equal files are one
   * blob.
   */
  private static Content writeLayer(Map<String, Path> layer, Path folder) throws IOException {
    TreeMap<String, Path> files = new TreeMap<>();
    for (Map.Entry<String, Path> entry : layer.entrySet()) {
      try (Stream<Path> below = Files.walk(entry.getValue())) {
        below
            .filter(Files::isRegularFile)
            .forEach(file -> files.put(inImage(entry.getKey(), entry.getValue(), file), file));
      }
    }
    return write(
        folder,
        out -> {
          TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
          tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
          tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
          for (Map.Entry<String, Path> file : files.entrySet()) {
            TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
            entry.setSize(Files.size(file.getValue()));
            entry.setModTime(0);
            tar.putArchiveEntry(entry);
            Files.copy(file.getValue(), tar);
            tar.closeArchiveEntry();
          }
          tar.finish();
        });
  }

  private static String inImage(String place, Path source, Path file) {
    String root = place.substring(1);
    return source.equals(file)
        ? root
        : root + "/" + source.relativize(file).toString().replace('\\', '/');
  }

  private static Content write(Path folder, Body body) throws IOException {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    Path writing = Files.createTempFile(folder, "blob", ".tmp");
    try (OutputStream out =
        new BufferedOutputStream(
            new DigestOutputStream(Files.newOutputStream(writing), sha256), 1 << 16)) {
      body.write(out);
    }
    String hex = HexFormat.of().formatHex(sha256.digest());
    Path file = folder.resolve(hex);
    Files.move(writing, file, StandardCopyOption.REPLACE_EXISTING);
    return new Content(file, Files.size(file), hex);
  }
}
