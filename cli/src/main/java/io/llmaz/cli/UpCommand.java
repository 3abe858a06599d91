package io.llmaz.cli;

import io.llmaz.local.hub.Bandwidth;
import io.llmaz.local.stack.LocalStack;
import io.llmaz.local.stack.LocalStackConfig;
import io.llmaz.local.stack.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code llmaz up}: the whole of it, kept running, with a kubeconfig for a stock kubectl. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Start everything on this machine and keep it running until Ctrl-C.")
final class UpCommand implements Callable<Integer> {
  @Option(
      names = "--data-dir",
      description = "Keep objects and stores here, and go on from there the next time.")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "Port of the API server (default: a free one, or the last run's).")
  private int port;

  @Option(names = "--nodes", defaultValue = "4", description = "Nodes (default: 4).")
  private int nodes;

  @Option(names = "--model-dir", description = "Serve this model from the hub instead.")
  private @Nullable Path modelDirectory;

  @Option(names = "--source-bandwidth", description = "Limit of the source's link: 200Mbit.")
  private @Nullable String sourceBandwidth;

  @Override
  public Integer call() throws Exception {
    try (WorkFolder folder =
            dataDirectory == null ? WorkFolder.temporary() : WorkFolder.at(dataDirectory);
        LocalStack stack =
            LocalStack.start(
                new LocalStackConfig(
                    folder.path(),
                    Optional.ofNullable(dataDirectory).map(d -> d.resolve("objects")),
                    nodes,
                    true,
                    Optional.ofNullable(sourceBandwidth).map(Bandwidth::parse),
                    Optional.ofNullable(modelDirectory),
                    Programs.of(Path.of(System.getProperty("llmaz.home", "."))),
                    port))) {
      Path kubeconfig = folder.path().resolve("kubeconfig");
      Files.writeString(kubeconfig, stack.controlPlane().kubeconfig());
      Path example = folder.path().resolve("embeddings.yaml");
      Files.writeString(example, Examples.embeddings(stack));
      System.out.println("export KUBECONFIG=" + kubeconfig);
      System.out.println();
      System.out.println("API server  " + stack.controlPlane().uri());
      System.out.println("hub         " + stack.hub().hubAddress());
      System.out.println("registry    " + stack.hub().registryAddress());
      stack.gatewayAddress().ifPresent(address -> System.out.println("gateway     " + address));
      System.out.println("log         " + folder.path().resolve("llmaz.log"));
      System.out.println();
      System.out.println("Try: kubectl apply -f " + example);
      System.out.println("     kubectl get p2p,om,pl,pods   (Ctrl-C here ends everything)");
      new CountDownLatch(1).await(); // Until Ctrl-C interrupts.
      return 0;
    }
  }
}
