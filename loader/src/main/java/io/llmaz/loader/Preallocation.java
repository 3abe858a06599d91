package io.llmaz.loader;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps blocks of the disk for what is still to come of a file, so that nobody else takes them
 * meanwhile. The file's length stays as it is, for it says where to resume: {@code fallocate(2)}
 * with {@code FALLOC_FL_KEEP_SIZE}, which Java has no call of its own for.
 *
 * <p>A system or a file system that has none goes without: the free space was checked before, and a
 * disk that is full is named when it is.
 */
final class Preallocation {
  private static final int O_WRONLY = 1;
  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle OPEN =
      function(
              "open",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
              Linker.Option.firstVariadicArg(2))
          .orElseThrow();
  private static final MethodHandle FTRUNCATE =
      function(
              "ftruncate",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG))
          .orElseThrow();
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
          .orElseThrow();

  /** Linux's alone. */
  private static final Optional<MethodHandle> FALLOCATE =
      function(
          "fallocate",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.captureCallState("errno"));

  private Preallocation() {}

  @SuppressWarnings("restricted") // The image's flags allow it: --enable-native-access.
  private static Optional<MethodHandle> function(
      String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER
        .defaultLookup()
        .find(name)
        .map(address -> LINKER.downcallHandle(address, type, options));
  }

  /**
   * Keeps what a file lacks of a size.
   *
   * @param file that exists
   * @param length of it now, in bytes
   * @param size that it will have
   * @throws FileSystemException when the disk or the quota has no room for it; nothing is kept then
   */
  static void keep(Path file, long length, long size) throws IOException {
    if (FALLOCATE.isEmpty() || length >= size) {
      return;
    }
    switch (fallocate(FALLOCATE.get(), file, length, size)) {
      case ENOSPC -> throw new FileSystemException(file + ": No space left on device");
      case EDQUOT -> throw new FileSystemException(file + ": Disk quota exceeded");
      default -> {
        // There, or not to be had here.
      }
    }
  }

  /** The error's number; zero for none. */
  private static int fallocate(MethodHandle fallocate, Path file, long length, long size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), O_WRONLY);
      if (descriptor < 0) {
        return 0;
      }
      try {
        int result =
            (int)
                fallocate.invokeExact(
                    state, descriptor, FALLOC_FL_KEEP_SIZE, length, size - length);
        if (result == 0) {
          return 0;
        }
        int error = (int) ERRNO.get(state, 0L);
        // A file system may have kept a part before it ran out; this gives it back.
        var _ = (int) FTRUNCATE.invokeExact(descriptor, length);
        return error;
      } finally {
        var _ = (int) CLOSE.invokeExact(descriptor);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("the call of fallocate failed", e);
    }
  }
}
