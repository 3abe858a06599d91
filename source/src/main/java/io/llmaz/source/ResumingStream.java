package io.llmaz.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Exactly a range of a file, over as many connections as it takes. A connection that breaks or ends
 * early is replaced by one that starts where it broke; progress gives the attempts back. For one
 * thread.
 */
final class ResumingStream extends BulkInputStream {
  // Less than this between two failures is no progress: a source that gives a byte a connection
  // must not be asked without end.
  private static final long PROGRESS = 1 << 20;

  /** Opens a connection that gives the range, or a little more. */
  interface Opener {
    InputStream open(ByteRange range) throws IOException;
  }

  private final OriginHttp http;
  private final URI shown;
  private final Opener opener;
  private final OriginHttp.Meter meter;
  private final long end;
  private long position;
  private int failed;
  private long sinceFailure;
  private InputStream current;

  /**
   * Opens the first connection.
   *
   * @param shown named in errors, by its host only
   */
  ResumingStream(
      OriginHttp http, URI shown, ByteRange range, OriginHttp.Meter meter, Opener opener) {
    this.http = http;
    this.shown = shown;
    this.opener = opener;
    this.meter = meter;
    this.position = range.start();
    this.end = range.end();
    this.current = range.length() == 0 ? InputStream.nullInputStream() : connect();
  }

  private InputStream connect() {
    while (true) {
      try {
        return opener.open(new ByteRange(position, end - position));
      } catch (OriginBusyException e) {
        again(String.valueOf(e.getMessage()), e.retryAfter());
      } catch (IOException e) {
        again("did not answer (" + OriginHttp.describe(e) + ")", Optional.empty());
      }
    }
  }

  private void again(String problem, Optional<Duration> requested) {
    failed++;
    http.pauseOrGiveUp(shown, failed, requested, problem, meter);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (position < end) {
      String problem;
      try {
        int count = current.read(bytes, offset, (int) Math.min(length, end - position));
        if (count > 0) {
          position += count;
          sinceFailure += count;
          if (sinceFailure >= PROGRESS) {
            failed = 0;
          }
          meter.bytes(shown.getHost(), count);
          return count;
        }
        problem = "ended early at byte " + position;
      } catch (IOException e) {
        problem = "broke at byte " + position + " (" + OriginHttp.describe(e) + ")";
      }
      try {
        current.close();
        sinceFailure = 0;
        again(problem, Optional.empty());
        current = connect();
      } catch (SourceException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
