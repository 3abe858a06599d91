package io.llmaz.local.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What nodes of a local cluster have in common.
 *
 * @param folder where nodes keep pods and images; made when missing
 * @param images programs that need no pulling
 * @param javaHome the JDK that containers run on
 * @param mostGrace the longest time a process gets between being asked to end and being ended,
 *     whatever its pod asks for
 * @param clock what time it is
 */
public record LocalClusterConfig(
    Path folder, LocalImages images, Path javaHome, Duration mostGrace, InstantSource clock) {

  /** On the JDK that we run on, with five seconds of grace. */
  public static LocalClusterConfig of(Path folder, LocalImages images) {
    return new LocalClusterConfig(
        folder,
        images,
        Path.of(System.getProperty("java.home")),
        Duration.ofSeconds(5),
        InstantSource.system());
  }
}
