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
            OriginHttp.Meter.NONE);
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
