package io.llmaz.local.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Runs another main class and ends with the parent.
 *
 * <p>The parent holds the other end of standard input and never writes. However it ends, also by
 * {@code kill -9}, the kernel closes that end; then this process ends too, at the latest after a
 * grace for its shutdown hooks. Needs nothing but the JDK, as it joins the class path of others.
 */
public final class ChildMain {
  private static final long GRACE_MILLIS = 5_000;
  private static final int ENDED_BY_TERM = 143;

  private ChildMain() {}

  /** Where this class is, for the class path of a child. */
  public static Path classPath() {
    try {
      return Path.of(ChildMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("cannot tell where our own classes are", e);
    }
  }

  /**
   * Runs a main class.
   *
   * @param arguments the main class, then its arguments
   * @throws Throwable what it throws
   */
  public static void main(String[] arguments) throws Throwable {
    InputStream parent = System.in;
    System.setIn(InputStream.nullInputStream());
    Thread.ofPlatform().daemon().name("parent-watch").start(() -> endWith(parent));
    Class<?> main = Class.forName(arguments[0]);
    try {
      main.getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static void endWith(InputStream parent) {
    try {
      while (parent.read() >= 0) {
        // Nothing is said over this pipe.
      }
    } catch (IOException e) {
      System.err.println("the pipe to the parent broke: " + e.getMessage());
    }
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            Thread.sleep(GRACE_MILLIS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          Runtime.getRuntime().halt(ENDED_BY_TERM);
        });
    System.exit(ENDED_BY_TERM);
  }
}
