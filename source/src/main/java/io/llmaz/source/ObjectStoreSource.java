package io.llmaz.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An object, or everything below a prefix, of an object store that speaks S3's protocol.
 *
 * <ol>
 *   <li>{@code GET <bucket>?list-type=2&prefix=...}, page by page, names keys, sizes and etags.
 *   <li>{@code GET <object>} with {@code If-Match}: an object that was written anew is refused with
 *       412, so no file is ever put together from two versions.
 * </ol>
 *
 * A path of a file of weights ({@link ObjectPath}) is one object; any other is one if an object has
 * exactly that key, and a directory otherwise. An etag of 32 hex digits is an object's md5; others
 * (of uploads in parts, of encrypted objects) prove nothing, and the file is unverified. An
 * object's revision is its etag, a directory's the digest of its listing.
 */
public final class ObjectStoreSource implements Source {
  private static final Pattern ERROR_MESSAGE = Pattern.compile("<Message>([^<]{1,200})</Message>");
  private static final int ERROR_BYTES = 8 << 10;

  private final OriginHttp http;
  private final ObjectStore store;
  private final ObjectPath path;
  private final Supplier<Optional<ObjectStoreSigner>> signer;
  private final InstantSource clock;
  private final OriginHttp.Meter meter;
  private final Map<String, RangedFile> files = new ConcurrentHashMap<>();

  /**
   * A part of a bucket.
   *
   * @param path of an object or a directory; empty means the whole bucket
   * @param signer asked at each request; empty for a public bucket
   */
  public ObjectStoreSource(
      OriginHttp http,
      ObjectStore store,
      String path,
      Supplier<Optional<ObjectStoreSigner>> signer,
      InstantSource clock,
      OriginHttp.Meter meter) {
    this.http = http;
    this.store = store;
    this.path = new ObjectPath(path);
    this.signer = signer;
    this.clock = clock;
    this.meter = meter;
  }

  @Override
  public Manifest resolve() {
    List<ManifestFile> found = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      ObjectListing page = page(next);
      for (ObjectListing.Entry entry : page.entries()) {
        if (entry.key().equals(path.text()) && !path.text().isEmpty()) {
          return new Manifest(shown(), entry.etag(), List.of(file(path.last(), entry)));
        }
        nameOf(entry.key()).ifPresent(name -> found.add(file(name, entry)));
      }
      next = page.next();
    } while (next.isPresent());
    if (found.isEmpty()) {
      throw new SourceException(
          SourceException.Kind.USER, "there is no object at or below " + shown());
    }
    Manifest unnamed = new Manifest(shown(), "", found);
    return new Manifest(shown(), ManifestJson.identity(unnamed).toString(), found);
  }

  /** The name below the model's directory; empty for what is not wanted. */
  private Optional<String> nameOf(String key) {
    if (key.endsWith("/")) {
      return Optional.empty(); // A marker that shows as a directory in consoles.
    }
    String directory = path.text().isEmpty() ? "" : path.text() + "/";
    return path.isWeightsFile() || !key.startsWith(directory)
        ? Optional.empty()
        : Optional.of(key.substring(directory.length()));
  }

  private ManifestFile file(String name, ObjectListing.Entry entry) {
    try {
      return entry.etag().matches("[0-9a-fA-F]{32}")
          ? ManifestFile.verified(
              name, entry.size(), new Digest(Digest.Algorithm.MD5, entry.etag()))
          : ManifestFile.unverified(
              name, entry.size(), store.base() + "/" + entry.key() + "#" + entry.etag());
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          SourceException.Kind.USER, shown() + " holds a file we refuse: " + e.getMessage(), e);
    }
  }

  private ObjectListing page(Optional<String> from) {
    URI uri =
        URI.create(
            store.base()
                + "/?list-type=2&max-keys=1000&prefix="
                + SigV4.encode(path.text())
                + from.map(token -> "&continuation-token=" + SigV4.encode(token)).orElse(""));
    OriginAnswer answer = http.get(uri, signed(uri, Map.of()), meter);
    try (InputStream body = answer.body()) {
      int status = answer.statusCode();
      if (status == 401 || status == 403) {
        throw refused(status);
      }
      if (status == 404) {
        throw new SourceException(
            SourceException.Kind.USER,
            uri.getHost() + " has no bucket " + store.bucket() + " (404)" + explained(body));
      }
      Optional<String> elsewhere = answer.headers().firstValue("x-amz-bucket-region");
      if (status != 200 && elsewhere.filter(r -> !r.equals(store.region())).isPresent()) {
        throw new SourceException(
            SourceException.Kind.USER,
            "bucket " + store.bucket() + " is in region " + elsewhere.get() + ": set AWS_REGION");
      }
      if (status != 200) {
        throw new SourceException(
            SourceException.Kind.BUG,
            uri.getHost()
                + " answered "
                + status
                + " for the listing of "
                + shown()
                + explained(body));
      }
      return ObjectListing.read(body);
    } catch (IOException e) {
      throw new SourceException(
          SourceException.Kind.TRANSIENT,
          uri.getHost() + " broke off or sent no listing: " + OriginHttp.describe(e),
          e);
    }
  }

  /** The store's own words, without what it says of the request, which was signed. */
  private static String explained(InputStream error) throws IOException {
    String text = new String(error.readNBytes(ERROR_BYTES), StandardCharsets.UTF_8);
    Matcher message = ERROR_MESSAGE.matcher(text);
    return message.find() ? ": " + message.group(1) : "";
  }

  @Override
  public InputStream open(String revision, ManifestFile file, ByteRange range) {
    return files
        .computeIfAbsent(
            file.path() + "@" + revision,
            name -> {
              URI address = store.object(objectKey(revision, file));
              return new RangedFile(
                  http,
                  address,
                  new Signed(address, etag(file)),
                  file.path() + " of " + shown(),
                  file.size(),
                  meter);
            })
        .open(range);
  }

  /** An object's revision is its etag, a directory's a digest in text form, with a colon. */
  private String objectKey(String revision, ManifestFile file) {
    if (path.text().isEmpty()) {
      return file.path();
    }
    return revision.startsWith("sha256:") ? path.text() + "/" + file.path() : path.text();
  }

  private static String etag(ManifestFile file) {
    Digest digest = file.digest();
    if (digest != null) {
      return digest.hex();
    }
    String origin = String.valueOf(file.origin());
    return origin.substring(origin.lastIndexOf('#') + 1);
  }

  private Map<String, String> signed(URI uri, Map<String, String> headers) {
    return signer.get().map(s -> s.headers(uri, headers, clock.instant())).orElse(headers);
  }

  private SourceException refused(int status) {
    return new SourceException(
        SourceException.Kind.USER,
        store.base().getHost()
            + " refuses "
            + shown()
            + " ("
            + status
            + "): "
            + (signer.get().isPresent()
                ? "the access key has no access to it, or is not valid"
                : "it is private, and there is no access key"));
  }

  private String shown() {
    return store.scheme()
        + "://"
        + store.bucket()
        + (path.text().isEmpty() ? "" : "/" + path.text());
  }

  /** Signs each request anew: a signature is valid for minutes. The range need not be signed. */
  private final class Signed implements RangedFile.Credentials {
    private final URI address;
    private final String etag;

    Signed(URI address, String etag) {
      this.address = address;
      this.etag = etag;
    }

    @Override
    public Map<String, String> headers() {
      Map<String, String> headers = new HashMap<>(signed(address, Map.of()));
      if (!etag.isEmpty()) {
        headers.put("If-Match", "\"" + etag + "\"");
      }
      return headers;
    }

    @Override
    public SourceException refused(int status) {
      return ObjectStoreSource.this.refused(status);
    }
  }
}
