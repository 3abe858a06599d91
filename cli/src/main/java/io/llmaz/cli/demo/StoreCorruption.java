package io.llmaz.cli.demo;

import io.llmaz.local.engine.EngineNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Flips bits in the largest file of a node's store, behind the daemon's back, and no two nodes' at
 * the same places.
 */
final class StoreCorruption {
  private static final int FLIPS = 16;

  private StoreCorruption() {}

  /**
   * Flips bits in one of so many nodes' stores.
   *
   * @return the file in which they are
   */
  static Path flip(EngineNode node, int index, int nodes) throws IOException {
    Path victim;
    try (Stream<Path> files = Files.walk(node.store().directory())) {
      victim =
          files
              .filter(Files::isRegularFile)
              .max(Comparator.comparingLong(StoreCorruption::size))
              .orElseThrow(() -> new IOException("the node's store is empty"));
    }
    try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
      long step = file.length() / (FLIPS + 1);
      for (int i = 1 + index; i <= FLIPS; i += nodes) {
        file.seek(i * step);
        int value = file.read();
        file.seek(i * step);
        file.write(value ^ 0x55);
      }
    }
    return victim;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
