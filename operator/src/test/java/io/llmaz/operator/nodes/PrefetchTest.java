package io.llmaz.operator.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.llmaz.api.p2p.P2PTask;
import io.llmaz.api.p2p.P2PTaskSpec;
import io.llmaz.dragonfly.TaskKeys;
import io.llmaz.source.Digest;
import io.llmaz.source.Manifest;
import io.llmaz.source.ManifestFile;
import io.llmaz.source.SourceException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One task on its way to hand-made nodes, with a clock made by hand too. */
final class PrefetchTest {
  private static final int AT_ONCE = 3;

  private final TestingNodeEngine engine = new TestingNodeEngine();
  private final TestingNodes nodes = new TestingNodes();
  private final SeedArrivals arrivals = new SeedArrivals();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger gatewayCalls = new AtomicInteger();
  private final AtomicInteger unfilled = new AtomicInteger();
  private volatile boolean gatewayAway;
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Manifest manifest = manifest("large", "small");
  private Optional<Prefetch> prefetch = Optional.empty();

  @AfterEach
  void stop() {
    engine.gate.countDown();
    prefetch.ifPresent(Prefetch::close);
  }

  @Test
  void step_seedHasEverything_bringsEachFileToEachNode() {
    nodes.set(node("10.0.0.1"), node("10.0.0.2"));
    seedHas("large", "small");

    start().step();

    awaitComplete(2);
    assertThat(engine.fetched)
        .containsExactlyInAnyOrder(
            "10.0.0.1/large", "10.0.0.1/small", "10.0.0.2/large", "10.0.0.2/small");
    assertThat(gatewayCalls).as("asked for links").hasValue(1);
  }

  @Test
  void step_node_getsLinksThatReadNoSource() {
    nodes.set(node("10.0.0.1"));
    seedHas("large", "small");

    start().step();

    awaitComplete(1);
    assertThat(engine.links).allSatisfy(link -> assertThat(link).hasParameter("from", "peers"));
  }

  @Test
  void counts_nodesNotListedYet_areNotSettled() {
    nodes.known = false;

    start().step();

    assertThat(prefetch.orElseThrow().counts()).isEqualTo(new NodeCounts(0, 0, 0, false));
  }

  @Test
  void step_seedHasBegunWithOneFile_bringsThatOneMeanwhile() {
    nodes.set(node("10.0.0.1"));
    seedHas("large");

    start().step();

    await().until(() -> engine.fetched.contains("10.0.0.1/large"));
    assertThat(prefetch.orElseThrow().counts().complete()).isZero();
    seedHas("small");
    awaitComplete(1);
  }

  @Test
  void step_nodesHaveEverythingAlready_movesNothingAndAsksTheGatewayNothing() {
    nodes.set(node("10.0.0.1"), node("10.0.0.2"));
    fill("10.0.0.1");
    fill("10.0.0.2");

    start().step();

    awaitComplete(2);
    assertThat(engine.fetched).isEmpty();
    assertThat(gatewayCalls).hasValue(0);
  }

  @Test
  void step_nodeLostItsDisk_isToldAndFilledAgain() {
    nodes.set(node("10.0.0.1"));
    fill("10.0.0.1");
    seedHas("large", "small");
    start().step();
    awaitComplete(1);

    engine.there.clear();
    engine.gate = new CountDownLatch(1);
    later(NodePlan.BELIEF);

    awaitComplete(0);
    engine.gate.countDown();
    awaitComplete(1);
    assertThat(events).containsExactly("NodeLostFiles: Node 10.0.0.1 lost 2 files");
  }

  @Test
  void step_nodeWithoutDaemon_isTriedAgainMoreAndMoreRarelyAndToldOnce() {
    nodes.set(node("10.0.0.1"), node("10.0.0.2"));
    engine.away.add("10.0.0.2");
    fill("10.0.0.1");
    start().step();
    awaitComplete(1);

    for (int seconds = 0; seconds < 600; seconds++) {
      later(Duration.ofSeconds(1));
      await().until(() -> idle());
    }

    assertThat(events)
        .containsExactly("NodeNotFilled: Node 10.0.0.2: nobody answers; it is tried again");
    assertThat(unfilled).hasValue(0);
    // Ten minutes by the second: 1 + 600 without back-off.
    assertThat(prefetch.orElseThrow().counts()).isEqualTo(new NodeCounts(2, 1, 1, true));
    assertThat(engine.looks.get()).isLessThan(40);
  }

  @Test
  void step_nodeDoesNotGetAFile_saysSoUntilItHasIt() {
    nodes.set(node("10.0.0.1"));
    seedHas("large", "small");
    engine.nobodyHasIt = true;
    start().step();
    await().until(() -> unfilled.get() == 1 && idle());

    engine.nobodyHasIt = false;
    later(Duration.ofSeconds(30));

    awaitComplete(1);
    assertThat(unfilled).hasValue(1);
  }

  @Test
  void step_gatewayAway_isNoNodesFaultAndItIsNotAskedByEach() {
    gatewayAway = true;
    nodes.set(node("10.0.0.1"), node("10.0.0.2"), node("10.0.0.3"));
    seedHas("large", "small");
    start().step();
    await().until(this::idle);

    assertThat(gatewayCalls).hasValue(1);
    gatewayAway = false;
    later(Duration.ofSeconds(30));

    awaitComplete(3);
    assertThat(events).isEmpty();
  }

  @Test
  void step_manyNodes_fewFilesAtOnce() {
    nodes.set(IntStream.range(0, 40).mapToObj(i -> node("10.0.1." + i)).toArray(NodeTarget[]::new));
    seedHas("large", "small");
    engine.gate = new CountDownLatch(1);

    start().step();
    await().until(() -> engine.atOnce.get() == AT_ONCE);
    engine.gate.countDown();

    awaitComplete(40);
    assertThat(engine.mostAtOnce).hasValue(AT_ONCE);
  }

  @Test
  void step_nodeLeavesWhileItIsFilled_isNotWaitedFor() {
    nodes.set(node("10.0.0.1"));
    seedHas("large", "small");
    engine.gate = new CountDownLatch(1);
    start().step();
    await().until(() -> engine.atOnce.get() == 2);

    nodes.set();
    later(Duration.ZERO);

    await().until(() -> engine.atOnce.get() == 0);
    assertThat(prefetch.orElseThrow().counts()).isEqualTo(new NodeCounts(0, 0, 0, true));
  }

  @Test
  void step_completeNodeWithManyFiles_provesItWithFew() {
    manifest = manifest(IntStream.range(0, 500).mapToObj(i -> "f" + i).toArray(String[]::new));
    nodes.set(node("10.0.0.1"));
    fill("10.0.0.1");
    start().step();
    awaitComplete(1);
    int first = engine.looks.get();

    later(NodePlan.BELIEF);
    await().until(() -> engine.looks.get() > first && idle());

    assertThat(first).isEqualTo(500);
    assertThat(engine.looks.get() - first).isEqualTo(16);
  }

  private static ConditionFactory await() {
    return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
  }

  private Prefetch start() {
    P2PTask task = new P2PTask();
    task.setMetadata(new ObjectMetaBuilder().withName("model-m").withUid("u").build());
    task.setSpec(new P2PTaskSpec(null, null, null, null, null, null, null));
    Prefetch started =
        new Prefetch(
            task,
            Map.of(),
            manifest,
            arrivals,
            this::links,
            new PrefetchMeans(
                nodes,
                () -> engine,
                () -> TaskKeys.CONTENT,
                () -> 4000,
                new Semaphore(8),
                new Semaphore(AT_ONCE, true),
                () -> now,
                new Random(1)),
            (reason, note) -> events.add(reason + ": " + note),
            () -> {},
            unfilled::incrementAndGet);
    prefetch = Optional.of(started);
    return started;
  }

  private Map<String, URI> links() {
    gatewayCalls.incrementAndGet();
    if (gatewayAway) {
      throw new SourceException(SourceException.Kind.TRANSIENT, "the gateway does not answer");
    }
    return manifest.files().stream()
        .collect(Collectors.toMap(ManifestFile::path, f -> URI.create("http://g/" + f.path())));
  }

  private void later(Duration duration) {
    now = now.plus(duration);
    prefetch.orElseThrow().step();
  }

  private boolean idle() {
    return prefetch.orElseThrow().idle();
  }

  private void awaitComplete(int count) {
    await().until(() -> prefetch.orElseThrow().counts().complete() == count);
  }

  private void seedHas(String... paths) {
    List.of(paths).forEach(arrivals::began);
  }

  private void fill(String host) {
    manifest
        .files()
        .forEach(file ->
            engine.there.add(host + " " + io.llmaz.dragonfly.TaskIds.ofContent(file.contentKey())));
  }

  private static Manifest manifest(String... paths) {
    return new Manifest(
        "hf://a/b",
        "commit",
        IntStream.range(0, paths.length)
            .mapToObj(i ->
                ManifestFile.verified(
                    paths[i], paths.length - i, Digest.sha256("%064x".formatted(i))))
            .toList());
  }

  private static NodeTarget node(String host) {
    return new NodeTarget(host, host + "/1", host, true);
  }

  private static final class TestingNodes implements ClusterNodes {
    private volatile List<NodeTarget> present = List.of();
    private final AtomicLong version = new AtomicLong();
    private volatile boolean known = true;

    void set(NodeTarget... targets) {
      present = List.of(targets);
      version.incrementAndGet();
    }

    @Override
    public long version() {
      return version.get();
    }

    @Override
    public Optional<List<NodeTarget>> chosen(Map<String, String> labels) {
      return known ? Optional.of(present) : Optional.empty();
    }
  }
}
