package io.llmaz.local.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.random.RandomGenerator;

/**
 * Addresses {@code 127.a.y.1}: every node has one, so that all of them use the same ports, and two
 * stacks do not meet.
 *
 * @param first the second number of the addresses
 */
record LoopbackSubnet(int first) {
  private static final int ATTEMPTS = 20;

  static LoopbackSubnet free(RandomGenerator random) {
    for (int i = 0; i < ATTEMPTS; i++) {
      LoopbackSubnet subnet = new LoopbackSubnet(64 + random.nextInt(180));
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(subnet.address(1), 0));
        return subnet;
      } catch (IOException e) {
        if (i == ATTEMPTS - 1) {
          throw new IllegalStateException(
              "this machine gives no addresses 127.x.y.z beside 127.0.0.1 (on macOS: sudo ifconfig"
                  + " lo0 alias 127.64.1.1, and so on): "
                  + e.getMessage(),
              e);
        }
      }
    }
    throw new IllegalStateException("no free loopback addresses");
  }

  InetAddress address(int host) {
    try {
      return InetAddress.getByName("127." + first + "." + host + ".1");
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Another one than that. */
  int freePort(int taken) {
    int port = freePort();
    return port == taken ? freePort(taken) : port;
  }

  int freePort() {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(address(1), 0));
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no free port", e);
    }
  }
}
