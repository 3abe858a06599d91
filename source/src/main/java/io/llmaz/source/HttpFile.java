package io.llmaz.source;

import java.io.InputStream;
import java.net.URI;
import java.util.Map;

/** A file at an address that needs no account: a signed link, a mirror. */
public final class HttpFile {
  private final RangedFile file;

  /**
   * A file.
   *
   * @param headers sent with each request to the address's own host
   * @param name for error messages
   * @param size in bytes; another size at the source is an error
   */
  public HttpFile(
      OriginHttp http, URI address, Map<String, String> headers, String name, long size) {
    this(http, address, headers, name, size, true);
  }

  private HttpFile(
      OriginHttp http,
      URI address,
      Map<String, String> headers,
      String name,
      long size,
      boolean wholeByRange) {
    this.file =
        new RangedFile(
            http,
            address,
            new RangedFile.Credentials() {
              @Override
              public Map<String, String> headers() {
                return headers;
              }

              @Override
              public SourceException refused(int status) {
                return new SourceException(
                    SourceException.Kind.USER,
                    address.getHost() + " refuses " + name + " (" + status + ")");
              }
            },
            name,
            size,
            OriginHttp.Meter.NONE,
            wholeByRange);
  }

  /**
   * A file that a daemon's proxy brings through P2P (reference: Dragonfly's client 1.5.10, headers
   * of its proxy). The policy {@code always} sends small files through the scheduler too. The whole
   * file is asked for without a range: Dragonfly's scheduler (2.5.1) does not take a task for there
   * when who read it from the source had named one.
   *
   * @param daemon {@link OriginHttp#throughDfdaemon}
   * @param address where the daemon reads what no peer has
   * @param content from which the id of its task is made
   * @param name for error messages
   * @param size in bytes; another size is an error
   */
  public static HttpFile throughDfdaemon(
      OriginHttp daemon, URI address, String content, String name, long size) {
    return new HttpFile(
        daemon,
        address,
        Map.of(
            "X-Dragonfly-Use-P2P", "true",
            "X-Dragonfly-Content-For-Calculating-Task-ID", content,
            "X-Dragonfly-Scheduling-Policy", "always"),
        name,
        size,
        false);
  }

  /**
   * Opens a range; the stream gives exactly it.
   *
   * @throws SourceException when the source does not give it
   */
  public InputStream open(ByteRange range) {
    return file.open(range);
  }
}
