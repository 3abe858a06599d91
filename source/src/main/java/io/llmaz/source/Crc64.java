package io.llmaz.source;

import java.util.zip.Checksum;

/** CRC-64 with the ECMA-182 polynomial, reflected, as xz and Alibaba OSS compute it. */
final class Crc64 implements Checksum {
  private static final long POLYNOMIAL = 0xC96C5795D7870F42L;
  private static final long[] TABLE = new long[256];

  static {
    for (int i = 0; i < TABLE.length; i++) {
      long value = i;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) == 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
      }
      TABLE[i] = value;
    }
  }

  private long value = -1;

  @Override
  public void update(int b) {
    value = TABLE[(int) ((value ^ b) & 0xff)] ^ (value >>> 8);
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    long crc = value;
    for (int i = offset; i < offset + length; i++) {
      crc = TABLE[(int) ((crc ^ bytes[i]) & 0xff)] ^ (crc >>> 8);
    }
    value = crc;
  }

  @Override
  public long getValue() {
    return ~value;
  }

  @Override
  public void reset() {
    value = -1;
  }
}
