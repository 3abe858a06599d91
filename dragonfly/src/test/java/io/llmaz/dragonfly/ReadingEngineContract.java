package io.llmaz.dragonfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaz.source.ByteRange;
import io.llmaz.source.HttpFile;
import io.llmaz.source.OriginHttp;
import io.llmaz.source.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract on daemons that read a source of their own accord, over HTTP. */
public abstract class ReadingEngineContract extends DistributionEngineContract {

  /** What the daemons read; the same in one test. */
  protected abstract TestingSource source();

  /** The daemon's HTTP proxy. */
  protected abstract InetSocketAddress proxy();

  @Test
  public void proxy_rangeOfADistributedFile_isGivenWithoutTheSource() throws Exception {
    FileTask task = file("held.bin", 9 << 20);
    engine().distribute(task, progress -> {}).get(20, TimeUnit.SECONDS);
    URI refused = source().refuse("refused-of-held.bin", 403);
    long before = sentBySource();

    byte[] part = read("held.bin", refused, 9 << 20, new ByteRange(5_000_000, 100_000));

    assertThat(part)
        .isEqualTo(Arrays.copyOfRange(source().content("held.bin"), 5_000_000, 5_100_000));
    assertThat(sentBySource()).isEqualTo(before);
  }

  @Test
  public void proxy_ofAFileThatNobodyHas_saysThatItsSourceRefuses() {
    URI refused = source().refuse("refused-of-unknown.bin", 403);

    assertThatThrownBy(
            () -> read("unknown-content.bin", refused, 9 << 20, new ByteRange(0, 100_000)))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("403");
  }

  private byte[] read(String content, URI address, long size, ByteRange range) throws IOException {
    HttpFile file =
        HttpFile.throughDfdaemon(
            OriginHttp.throughDfdaemon(proxy(), "test"), address, content, content, size);
    try (InputStream in = file.open(range)) {
      return in.readAllBytes();
    }
  }

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
