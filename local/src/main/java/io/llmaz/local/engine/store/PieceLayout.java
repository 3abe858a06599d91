package io.llmaz.local.engine.store;

/**
 * How a file is cut into pieces: all of one length but the last, which may be shorter.
 *
 * @param contentLength bytes of the file, 0 for an empty one, which has no piece
 * @param pieceLength bytes of each piece but the last
 */
public record PieceLayout(long contentLength, long pieceLength) {
  private static final long MIN_PIECE = 4L << 20;
  private static final long MAX_PIECE = 64L << 20;
  private static final long WANTED_PIECES = 500;

  public PieceLayout {
    if (contentLength < 0) {
      throw new IllegalArgumentException("content length is negative: " + contentLength);
    }
    if (pieceLength <= 0 || pieceLength > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("piece length is out of range: " + pieceLength);
    }
    if (contentLength / pieceLength >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a file of " + contentLength + " bytes has too many pieces of " + pieceLength);
    }
  }

  /** Dragonfly's rule: the power of two next to a 500th of the file, between 4 and 64 MiB. */
  public static PieceLayout of(long contentLength) {
    long wanted = contentLength / WANTED_PIECES;
    long power = wanted <= 1 ? 1 : Long.highestOneBit(wanted - 1) << 1;
    return new PieceLayout(contentLength, Math.clamp(power, MIN_PIECE, MAX_PIECE));
  }

  /** How many pieces there are. */
  public int count() {
    return (int) ((contentLength + pieceLength - 1) / pieceLength);
  }

  /** Where a piece begins in the file. */
  public long offset(int number) {
    check(number);
    return number * pieceLength;
  }

  /** Bytes of a piece. */
  public int length(int number) {
    check(number);
    return (int) Math.min(pieceLength, contentLength - number * pieceLength);
  }

  /** The piece that holds a byte of the file. */
  public int pieceAt(long position) {
    if (position < 0 || position >= contentLength) {
      throw new IndexOutOfBoundsException(position + " of " + contentLength);
    }
    return (int) (position / pieceLength);
  }

  private void check(int number) {
    if (number < 0 || number >= count()) {
      throw new IndexOutOfBoundsException("piece " + number + " of " + count());
    }
  }
}
