package io.llmaz.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReplicasTest {
  private static final List<String> FILES =
      IntStream.range(0, 300).mapToObj(i -> "file-" + i).toList();

  private final Set<String> dead = new HashSet<>();
  private List<InetSocketAddress> ready = of("10.0.0.1", "10.0.0.2", "10.0.0.3");

  @Test
  void other_askedOfEveryReplica_namesTheSameOne() {
    for (String file : FILES) {
      Set<String> named =
          IntStream.rangeClosed(1, 3)
              .mapToObj(i -> reader("10.0.0." + i, file))
              .collect(Collectors.toSet());
      assertThat(named).hasSize(1);
    }
  }

  @Test
  void other_ofManyFiles_givesEachReplicaAPart() {
    assertThat(FILES.stream().collect(Collectors.groupingBy(f -> reader("10.0.0.1", f))).values())
        .hasSize(3)
        .allSatisfy(part -> assertThat(part).hasSizeBetween(70, 130));
  }

  @Test
  void other_whenAReplicaIsGone_movesOnlyItsFiles() {
    List<String> before = readers();
    ready = of("10.0.0.1", "10.0.0.3");
    List<String> after = readers();

    for (int i = 0; i < FILES.size(); i++) {
      if (before.get(i).equals("10.0.0.2")) {
        assertThat(after.get(i)).isIn("10.0.0.1", "10.0.0.3");
      } else {
        assertThat(after.get(i)).isEqualTo(before.get(i));
      }
    }
  }

  @Test
  void other_whenAReplicaDoesNotAnswer_isTheNext() {
    dead.add("10.0.0.2");

    assertThat(readers()).containsOnly("10.0.0.1", "10.0.0.3");
  }

  @Test
  void other_whenAReplicaTakesConnectionsAndSaysNothing_isThisOne() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
      InetSocketAddress replica = new InetSocketAddress("127.0.0.2", silent.getLocalPort());
      Replicas replicas = new Replicas("127.0.0.1", () -> List.of(replica));

      assertThat(replicas.other("a")).isEmpty();
      assertThat(replicas.others()).isEmpty();
    }
  }

  @Test
  void other_withNobodyKnown_isThisOne() {
    ready = new ArrayList<>();

    assertThat(replicas("10.0.0.1").other("a")).isEmpty();
    assertThat(Replicas.none().other("a")).isEqualTo(Optional.empty());
  }

  private List<String> readers() {
    return FILES.stream().map(file -> reader("10.0.0.1", file)).toList();
  }

  private String reader(String own, String file) {
    return replicas(own).other(file).map(InetSocketAddress::getHostString).orElse(own);
  }

  private Replicas replicas(String own) {
    return new Replicas(own, () -> ready, replica -> !dead.contains(replica.getHostString()));
  }

  private static List<InetSocketAddress> of(String... addresses) {
    return Arrays.stream(addresses).map(a -> new InetSocketAddress(a, 8088)).toList();
  }
}
