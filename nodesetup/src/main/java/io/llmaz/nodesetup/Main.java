package io.llmaz.nodesetup;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Sets a node up, waits to be stopped, and leaves the node as it was. containerd is never
 * restarted. Ends with 64 for a bad environment, 74 when a file cannot be written, and 78 when
 * containerd's own configuration has to be changed first.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    HostsFolder hosts;
    try {
      NodeSetupConfig config = NodeSetupConfig.from(System.getenv());
      hosts = new HostsFolder(ContainerdConfig.hostsFolder(config.containerd()));
      say(hosts.apply(config.registries(), config.mirror()));
    } catch (IllegalArgumentException e) {
      end(64, e);
      return;
    } catch (NodeSetupException e) {
      end(78, e);
      return;
    } catch (IOException e) {
      end(74, e);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(hosts)));
    System.out.println("containerd pulls through the node's daemon");
    new CountDownLatch(1).await();
  }

  private static void leave(HostsFolder hosts) {
    try {
      say(hosts.restore());
    } catch (IOException e) {
      System.err.println("node-setup: " + e);
    }
  }

  private static void say(List<String> changes) {
    changes.forEach(System.out::println);
  }

  private static void end(int status, Exception e) {
    // An IOException's message is often no more than a path.
    System.err.println("node-setup: " + (e instanceof IOException ? e.toString() : e.getMessage()));
    System.exit(status);
  }
}
