package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ShapeTest {

  @Test
  void of_unknownPieces_isAChain() {
    assertThat(Shape.of(0, 8, 1000, 1)).isEqualTo(Shape.CHAIN);
  }

  @Test
  void of_largeFileAndAFewPeers_isAChain() {
    assertThat(Shape.of(256, 8, 8, 1)).isEqualTo(Shape.CHAIN);
    assertThat(Shape.of(64, 2, 16, 1)).isEqualTo(Shape.CHAIN);
  }

  @Test
  void of_fewPieces_isAChain() {
    assertThat(Shape.of(1, 8, 8, 1)).isEqualTo(Shape.CHAIN);
    assertThat(Shape.of(4, 8, 8, 1)).isEqualTo(Shape.CHAIN);
  }

  @Test
  void of_hundredsOfPeers_isATree() {
    assertThat(Shape.of(64, 2, 500, 1)).isEqualTo(new Shape(2));
  }

  @Test
  void chains_filesOfOnePiece_double() {
    assertThat(Shape.chains(1, 1, 1, 1)).isEqualTo(1);
    assertThat(Shape.chains(1, 1, 3, 1)).isEqualTo(2);
    assertThat(Shape.chains(1, 1, 7, 1)).isEqualTo(3);
    assertThat(Shape.chains(1, 1, 14, 2)).isEqualTo(3);
  }

  @Test
  void chains_fewerPeersThanPiecesPerHop_areOneChainEach() {
    assertThat(Shape.chains(64, 2, 8, 1)).isEqualTo(64 + 7 * 2);
    assertThat(Shape.chains(64, 2, 8, 2)).isEqualTo(64 + 3 * 2);
  }

  @Test
  void of_asManyHoldersAsPeers_isAChain() {
    assertThat(Shape.of(64, 8, 200, 200)).isEqualTo(Shape.CHAIN);
  }

  @Property(tries = 500)
  void of_anything_isAForm(
      @ForAll @IntRange(max = 100_000) int pieces,
      @ForAll @IntRange(max = 64) int inFlight,
      @ForAll @IntRange(max = 5_000) int peers,
      @ForAll @IntRange(max = 100) int holders) {
    Shape shape = Shape.of(pieces, inFlight, peers, holders);

    assertThat(shape.children()).isBetween(1, 4);
  }
}
