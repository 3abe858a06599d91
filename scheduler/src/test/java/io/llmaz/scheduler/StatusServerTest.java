package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.llmaz.dragonfly.api.common.Host;
import io.llmaz.dragonfly.api.scheduler.AnnounceHostRequest;
import io.llmaz.dragonfly.api.scheduler.AnnouncePeerRequest.RequestCase;
import io.llmaz.dragonfly.api.scheduler.DeleteHostRequest;
import io.llmaz.dragonfly.api.scheduler.DeletePeerRequest;
import io.llmaz.dragonfly.api.scheduler.DeleteTaskRequest;
import io.llmaz.dragonfly.api.scheduler.ListHostsRequest;
import io.llmaz.dragonfly.api.scheduler.SchedulerGrpc;
import io.llmaz.dragonfly.api.scheduler.StatPeerRequest;
import io.llmaz.dragonfly.api.scheduler.StatTaskRequest;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages beside a scheduler that two peers talk to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class StatusServerTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private SchedulerServer scheduler;
  private StatusServer status;
  private ManagedChannel channel;

  @BeforeAll
  void start() {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    scheduler = SchedulerServer.start(SchedulerConfig.at(any), registry);
    status = StatusServer.start(any, scheduler, registry::scrape);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", scheduler.port()).usePlaintext().build();
    TestingPeer reader = peerOn("h1", "p1");
    reader.register();
    reader.answer();
    reader.pieceFromSource(1000);
    TestingPeer child = peerOn("h2", "p2");
    child.register();
    child.answer();
    child.pieceFrom("p1", 700);
    child.finish();
    child.awaitEnd();
  }

  @AfterAll
  void stop() {
    channel.shutdownNow();
    status.close();
    scheduler.close();
    http.close();
  }

  @Test
  void tasks_asText_areListed() throws Exception {
    assertThat(get("/tasks", "*/*").body()).isEqualTo("t\n");
  }

  @Test
  void task_asJson_isATreeWithBytes() throws Exception {
    HttpResponse<String> answer = get("/tasks/t", "application/json");

    var root = new ObjectMapper().readTree(answer.body()).at("/roots/0");
    assertThat(root.path("id").asText()).isEqualTo("p1");
    assertThat(root.path("received").asLong()).isEqualTo(1000);
    assertThat(root.path("sent").asLong()).isEqualTo(700);
  }

  @Test
  void task_asText_namesHosts() throws Exception {
    assertThat(get("/tasks/t", "*/*").body()).contains("h1 (127.0.0.1) source 1/");
  }

  @Test
  void metrics_afterADownload_haveDragonflysNames() throws Exception {
    assertThat(get("/metrics", "*/*").body())
        .contains(
            "dragonfly_scheduler_announce_peer_total 2.0",
            "dragonfly_scheduler_register_peer_total{host_type=\"normal\",priority=\"LEVEL0\",task_type=\"STANDARD\"} 2.0",
            "dragonfly_scheduler_traffic{host_type=\"normal\",task_type=\"STANDARD\",type=\"BACK_TO_SOURCE\"} 1000.0",
            "dragonfly_scheduler_traffic{host_type=\"normal\",task_type=\"STANDARD\",type=\"REMOTE_PEER\"} 700.0",
            "dragonfly_scheduler_download_peer_finished_total 1.0",
            "dragonfly_scheduler_download_peer_duration_milliseconds_count 1",
            "llmaz_scheduler_peers{state=\"COMPLETE\"} 1.0",
            "llmaz_scheduler_decisions_total{kind=\"Feed\"} 1.0");
  }

  @Test
  void metrics_ofEveryMessageAndCall_areThoseThatTheDocumentNames() throws Exception {
    PrometheusMeterRegistry heard = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    SchedulerMetrics metrics = new SchedulerMetrics(heard);
    for (RequestCase message : RequestCase.values()) {
      metrics.heard(message);
    }
    SchedulerGrpc.SchedulerBlockingStub calls = SchedulerGrpc.newBlockingStub(channel);
    calls.listHosts(ListHostsRequest.getDefaultInstance());
    calls.deleteHost(DeleteHostRequest.newBuilder().setHostId("none").build());
    calls.deletePeer(DeletePeerRequest.newBuilder().setTaskId("none").setPeerId("none").build());
    calls.deleteTask(DeleteTaskRequest.newBuilder().setHostId("none").setTaskId("none").build());
    assertThatThrownBy(() -> calls.statPeer(StatPeerRequest.getDefaultInstance()))
        .hasMessageContaining("NOT_FOUND");
    assertThatThrownBy(() -> calls.statTask(StatTaskRequest.getDefaultInstance()))
        .hasMessageContaining("NOT_FOUND");
    Set<String> refusals =
        Set.of(
            "dragonfly_scheduler_register_peer_failure_total",
            "dragonfly_scheduler_announce_peer_failure_total");

    Set<String> named = names("^\\| `(%s)`", Files.readString(Path.of("../docs/metrics.md")));
    Set<String> scraped = names("^(%s)[ {]", get("/metrics", "*/*").body() + heard.scrape());

    scraped.addAll(refusals); // Nobody was refused here.
    assertThat(scraped).isEqualTo(named);
  }

  private static Set<String> names(String line, String text) {
    return Pattern.compile(
            line.formatted("(?:llmaz|dragonfly)_scheduler_[a-z_]+"), Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(match -> match.group(1).replaceFirst("_milliseconds_[a-z]+$", "_milliseconds"))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tasks/none", "/nothing"})
  void get_whatIsNotThere_is404AndSaysWhatIs(String path) throws Exception {
    HttpResponse<String> answer = get(path, "*/*");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("/tasks");
  }

  @Test
  void post_anywhere_isRefused() throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(uri("/tasks"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();

    assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  @Order(Integer.MAX_VALUE) // It takes no calls afterwards.
  void drain_conversationUnderWay_endsAfterTheGraceAndIsNotReady() throws Exception {
    TestingPeer open = peerOn("h3", "p3");
    open.register();
    open.answer();
    assertThat(get("/readyz", "*/*").statusCode()).isEqualTo(200);

    scheduler.drain(Duration.ofMillis(100));

    assertThat(get("/readyz", "*/*").statusCode()).isEqualTo(503);
    assertThat(get("/healthz", "*/*").statusCode()).isEqualTo(200);
    scheduler.close();
    assertThat(open.error()).isNotEqualTo("completed");
  }

  private HttpResponse<String> get(String path, String accept) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path)).header("Accept", accept).build(),
        BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + status.port() + path);
  }

  private TestingPeer peerOn(String host, String peer) {
    SchedulerGrpc.newBlockingStub(channel)
        .announceHost(
            AnnounceHostRequest.newBuilder()
                .setHost(
                    Host.newBuilder().setId(host).setHostname(host).setIp("127.0.0.1").setPort(1))
                .build());
    return new TestingPeer(channel, host, "t", peer);
  }
}
