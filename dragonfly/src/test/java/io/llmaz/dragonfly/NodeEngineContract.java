package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.dragonfly.DistributionEngine.Progress;
import io.llmaz.dragonfly.EngineException.Reason;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every node's daemon does when it is told to fetch, whatever it is. */
public abstract class NodeEngineContract {
  private static final int PATIENCE_SECONDS = 30;

  /** The engine of a seed that the node finds through its scheduler. */
  protected abstract DistributionEngine seeds();

  /** The driver under test. */
  protected abstract NodeEngine nodes();

  /** A node's daemon, that is no seed. */
  protected abstract SeedAddress node();

  /** What the seed reads. */
  protected abstract TestingSource source();

  @Test
  public void fetch_seedHasIt_comesFromPeersAlone() throws Exception {
    FileTask task = file("node-a.bin", 11);
    var _ = seed(task);
    long before = source().sent();

    nodes().fetch(node(), task);

    assertThat(nodes().has(node(), task.taskId())).isTrue();
    assertThat(source().sent()).isEqualTo(before);
  }

  @Test
  public void fetch_layerOfAnImage_isNamedByItsDigest() throws Exception {
    String digest = "fedcba9876543210".repeat(4);
    FileTask task = new FileTask(file("v2/n/blobs/sha256:" + digest, 11).url(), null, Map.of());
    var _ = seed(task);

    nodes().fetch(node(), task);

    assertThat(nodes().has(node(), digest)).isTrue();
  }

  @Test
  public void fetch_again_returns() throws Exception {
    FileTask task = file("node-b.bin", 12);
    var _ = seed(task);
    nodes().fetch(node(), task);

    nodes().fetch(node(), task);

    assertThat(nodes().has(node(), task.taskId())).isTrue();
  }

  @Test
  public void has_unknownTask_isFalse() {
    assertThat(nodes().has(node(), TaskIds.ofContent("nobody has this"))).isFalse();
  }

  @Test
  public void has_nobodyListens_isUnavailable() {
    assertThatThrownBy(() -> nodes().has(new SeedAddress("127.0.0.1", 9), "0".repeat(64)))
        .isInstanceOfSatisfying(
            EngineException.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  private FileTask file(String name, int length) {
    return new FileTask(source().publish(name, length), name, Map.of());
  }

  private Progress seed(FileTask task) throws Exception {
    return seeds().distribute(task, progress -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
