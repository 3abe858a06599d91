package io.llmaz.local.hub;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A hub, its content host and a registry, by default on free ports of 127.0.0.1, all behind one
 * source link.
 *
 * <p>Each request has a virtual thread; the link's places go round among them.
 */
public final class DemoHub implements AutoCloseable {
  private static final List<HubRequest.Part> PORTS =
      List.of(HubRequest.Part.HUB, HubRequest.Part.CONTENT, HubRequest.Part.REGISTRY);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HttpServer> servers = new ArrayList<>();
  private final HubLog log = new HubLog();
  private final FaultPlan faults = new FaultPlan();
  private final Repositories repositories = new Repositories();
  private final HttpServer hub;
  private final HttpServer contentHost;
  private final HttpServer registry;

  private DemoHub(DemoHubConfig config) throws IOException {
    for (ModelRepository model : config.models()) {
      push(model);
    }
    List<StoredImage> images = new ArrayList<>();
    for (DemoImage image : config.images()) {
      images.add(StoredImage.write(image, config.workFolder()));
    }
    SignedLinks links =
        new SignedLinks(
            randomHex().getBytes(StandardCharsets.US_ASCII), config.linkLife(), config.clock());
    EgressLimit limit =
        config
            .bandwidth()
            .map(bandwidth -> EgressLimit.of(bandwidth, System.nanoTime()))
            .orElseGet(EgressLimit::none);
    HubExchange.Link link = new HubExchange.Link(limit, log, faults, config.clock());
    try {
      contentHost =
          serve(config, link, HubRequest.Part.CONTENT, new ContentHost(repositories, links));
      hub =
          serve(
              config,
              link,
              HubRequest.Part.HUB,
              new HubApi(repositories, links, this::hubAddress, this::contentAddress));
      registry =
          serve(
              config,
              link,
              HubRequest.Part.REGISTRY,
              new RegistryApi(
                  images,
                  config.registryWantsToken() ? Optional.of(randomHex()) : Optional.empty(),
                  this::registryAddress));
      servers.forEach(HttpServer::start);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Reads the models, makes the images and listens.
   *
   * @throws IOException when files cannot be read or nothing can be listened on
   * @throws IllegalArgumentException when a model's folder has no files
   */
  public static DemoHub start(DemoHubConfig config) throws IOException {
    return new DemoHub(config);
  }

  /** A token of the hub's shape that nobody had before. */
  public static String newToken() {
    return "hf_" + randomHex();
  }

  private static String randomHex() {
    byte[] random = new byte[20];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private HttpServer serve(
      DemoHubConfig config,
      HubExchange.Link link,
      HubRequest.Part part,
      HubExchange.Handler handler)
      throws IOException {
    InetSocketAddress listen = config.listen();
    int port = listen.getPort() == 0 ? 0 : listen.getPort() + PORTS.indexOf(part);
    HttpServer server = HttpServer.create(new InetSocketAddress(listen.getAddress(), port), 256);
    server.setExecutor(threads);
    server.createContext("/", exchange -> link.handle(part, exchange, handler));
    servers.add(server);
    return server;
  }

  /** Where the hub's API is: what {@code HF_ENDPOINT} is set to. */
  public URI hubAddress() {
    return address(hub);
  }

  /** Where signed addresses lead. */
  public URI contentAddress() {
    return address(contentHost);
  }

  /** Where the registry is. */
  public URI registryAddress() {
    return address(registry);
  }

  /** The reference of an image, as a container has it: {@code 127.0.0.1:port/repository:tag}. */
  public String reference(DemoImage image) {
    return registryAddress().getAuthority() + "/" + image.repository() + ":" + image.tag();
  }

  /**
   * The commit of a model.
   *
   * @throws IllegalArgumentException when the hub does not have it
   */
  public String commit(String model) {
    return repositories
        .main(model)
        .orElseThrow(() -> new IllegalArgumentException("not a model of this hub: " + model))
        .commit();
  }

  /**
   * Makes the files of this folder the repository's {@code main}, as a push of its owner does; what
   * was there before stays to be had by its commit.
   *
   * @throws IOException when files cannot be read
   * @throws IllegalArgumentException when there are none
   */
  public void push(ModelRepository model) throws IOException {
    repositories.push(RepositorySnapshot.read(model));
  }

  /** What was sent. */
  public HubLog log() {
    return log;
  }

  /**
   * Lets the next answers to some requests go wrong.
   *
   * @param pathPart the requests whose path holds this
   * @param times how many of them
   * @param fault what happens
   */
  public void inject(String pathPart, int times, Fault fault) {
    faults.add(pathPart, times, fault);
  }

  private static URI address(HttpServer server) {
    return URI.create(
        "http://%s:%d"
            .formatted(
                server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort()));
  }

  /** Stops listening and breaks off what is being sent. */
  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    threads.shutdownNow();
  }
}
