package io.llmaz.cli.dfget;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The URL of a folder, with a slash at its end, and how the URLs of its files relate to it. The
 * schemes whose folders Dragonfly's client 1.5.10 lists are all but http and https; of a hub it
 * lists whole repositories.
 *
 * @param text as the daemon is asked
 */
record FolderUrl(String text) {
  private static final Set<String> HUBS = Set.of("hf", "modelscope", "opencsg");
  private static final Set<String> KINDS = Set.of("datasets", "spaces", "codes");
  private static final Pattern UNSAFE = Pattern.compile("|\\.|\\.\\.|.*\0.*", Pattern.DOTALL);

  FolderUrl {
    if (!text.endsWith("/") || pathAt(text) < 0) {
      throw new IllegalArgumentException("not the URL of a folder: " + text);
    }
  }

  /**
   * The folder that a user means.
   *
   * @throws IllegalArgumentException when it cannot be listed
   */
  static FolderUrl of(URI url) {
    String scheme = Objects.requireNonNullElse(url.getScheme(), "").toLowerCase(Locale.ROOT);
    String host = url.getRawAuthority();
    String path = url.getRawPath();
    if (scheme.equals("http") || scheme.equals("https")) {
      throw new IllegalArgumentException(
          "a folder of " + scheme + " cannot be listed; one of a hub, object store or HDFS can");
    }
    if (host == null || path == null || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException("a folder is SCHEME://NAME/PATH/");
    }
    if (!path.endsWith("/")) {
      path += "/";
    }
    if (HUBS.contains(scheme)) {
      if (host.equals("models")) {
        // The daemon takes it for the same repository, but lists its files without it.
        int name = path.indexOf('/', 1);
        host = path.substring(1, Math.max(1, name));
        path = path.substring(Math.max(0, name));
      }
      requireRepository(host, path);
    }
    return new FolderUrl(URI.create(scheme + "://" + host + path).toASCIIString());
  }

  private static void requireRepository(String host, String path) {
    int names = (int) path.chars().filter(c -> c == '/').count() - (KINDS.contains(host) ? 1 : 0);
    if (names != 2 || path.contains("//")) {
      throw new IllegalArgumentException(
          "a hub lists whole repositories: OWNER/NAME/, with -I 'FOLDER/' for a part of one");
    }
  }

  /** The URL of a file that is known by its name. */
  String file(String name) {
    try {
      return text + new URI(null, null, "/" + name, null).toASCIIString().substring(1);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not the name of a file: " + name, e);
    }
  }

  /**
   * Where below the folder an entry of its listing is, with slashes; empty for the folder itself.
   *
   * @throws IOException when it is not below, by whatever trick of names
   */
  String nameOf(String entry) throws IOException {
    String place = entry.split("[?#]", 2)[0];
    int path = pathAt(place);
    int ours = pathAt(text);
    String decoded = path < 0 ? "" : decode(place.substring(path));
    String folder = decode(text.substring(ours));
    if (path < 0
        || !place.substring(0, path).equalsIgnoreCase(text.substring(0, ours))
        || !decoded.startsWith(folder)) {
      throw new IOException("the listing has an entry that is not in the folder: " + place);
    }
    String name = decoded.substring(folder.length());
    String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    if (!plain.isEmpty()
        && List.of(plain.split("/", -1)).stream().anyMatch(n -> UNSAFE.matcher(n).matches())) {
      throw new IOException("the listing has an entry of an unsafe name: " + place);
    }
    return plain;
  }

  /** Where the path of a URL begins; less than 0 when it has none. */
  private static int pathAt(String url) {
    int host = url.indexOf("://");
    return host <= 0 ? -1 : url.indexOf('/', host + 3);
  }

  /** What is not an encoded byte stands for itself, as in the daemon's URLs. */
  private static String decode(String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] encoded = path.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < encoded.length; at++) {
      int high = at + 2 < encoded.length ? Character.digit(encoded[at + 1], 16) : -1;
      int low = at + 2 < encoded.length ? Character.digit(encoded[at + 2], 16) : -1;
      if (encoded[at] == '%' && high >= 0 && low >= 0) {
        bytes.write(high << 4 | low);
        at += 2;
      } else {
        bytes.write(encoded[at]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
