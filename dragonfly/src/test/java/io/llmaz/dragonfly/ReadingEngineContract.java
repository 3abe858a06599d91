package io.llmaz.dragonfly;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The contract on daemons that read a source of their own accord, over HTTP. */
public abstract class ReadingEngineContract extends DistributionEngineContract {

  /** What the daemons read; the same in one test. */
  protected abstract TestingSource source();

  /** Lets go what a test held, also when it failed. */
  @AfterEach
  protected final void openSource() {
    source().release();
  }

  @Override
  protected final FileTask file(String name, int length) {
    return new FileTask(source().publish(name, length), name, Map.of());
  }

  @Override
  protected final FileTask missingFile() {
    return new FileTask(source().address("none"), "none", Map.of());
  }

  @Override
  protected final FileTask refusedFile(String name, int status) {
    return new FileTask(source().refuse(name, status), name, Map.of());
  }

  @Override
  protected final void removeFromSource(String name) {
    source().remove(name);
  }

  @Override
  protected final long sentBySource() {
    return source().sent();
  }

  @Override
  protected final void holdSource() {
    source().hold();
  }

  @Override
  protected final void releaseSource() {
    source().release();
  }
}
