package io.llmaz.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A cycle anywhere ends a simulation with an exception. */
final class SimulationTest {
  private static final int WITHIN_PERCENT = 15;

  /** {@code fanout-*} in docs/benchmarks.md: makespan / bound with unmodified dfdaemons. */
  @Test
  void run_measuredCases_isNearTheFigures() {
    assertNear(1.24, Scenario.warm(8, 1024));
    assertNear(1.45, Scenario.warm(8, 256));
    assertNear(1.59, Scenario.warm(8, 256).inFlight(8));
    assertNear(1.77, Scenario.warm(16, 256));
    assertNear(1.16, Scenario.warm(6, 1024).holders(2));
    assertNear(1.19, Scenario.warm(6, 256).holders(2));
    assertNear(1.13, Scenario.warm(8, 1024).cold(200, 400));
    assertNear(1.24, Scenario.warm(8, 256).cold(200, 400));
    assertNear(1.08, Scenario.warm(8, 1024).cold(100, 1000));
  }

  private static void assertNear(double measured, Scenario scenario) {
    assertThat(Simulation.run(scenario).ratio())
        .as(scenario.toString())
        .isCloseTo(measured, withinPercentage(WITHIN_PERCENT));
  }

  @Test
  void run_twice_isTheSame() {
    Scenario scenario = Scenario.warm(12, 64).zones(3).churn(0.3, 0.1);

    assertThat(Simulation.run(scenario)).isEqualTo(Simulation.run(scenario));
  }

  @Property(tries = 60)
  void run_anyWarmCase_everyNodeIsCompleteAndTheBoundHolds(
      @ForAll @IntRange(min = 1, max = 80) int nodes,
      @ForAll @IntRange(min = 1, max = 300) int mebibytes,
      @ForAll @IntRange(max = 4) int holders,
      @ForAll @IntRange(min = 1, max = 16) int inFlight,
      @ForAll @IntRange(max = 30) int seconds,
      @ForAll long chance) {
    SimulationOutcome outcome =
        Simulation.run(
            Scenario.warm(nodes, mebibytes)
                .holders(holders)
                .inFlight(inFlight)
                .over(seconds)
                .chance(chance));

    assertThat(outcome.incomplete()).isZero();
    assertThat(outcome.source()).isZero();
    assertThat(outcome.ratio()).isGreaterThanOrEqualTo(1);
  }

  @Property(tries = 40)
  void run_anyColdCase_theSourceIsReadOnce(
      @ForAll @IntRange(min = 1, max = 40) int nodes,
      @ForAll @IntRange(min = 1, max = 200) int mebibytes,
      @ForAll @IntRange(min = 1, max = 10) int times,
      @ForAll long chance) {
    SimulationOutcome outcome =
        Simulation.run(Scenario.warm(nodes, mebibytes).cold(100, 100 * times).chance(chance));

    assertThat(outcome.incomplete()).isZero();
    assertThat(outcome.source()).isEqualTo(1);
    assertThat(outcome.ratio()).isGreaterThanOrEqualTo(1);
  }

  @Property(tries = 40)
  void run_zones_eachIsEnteredOnce(
      @ForAll @IntRange(min = 1, max = 60) int nodes,
      @ForAll @IntRange(min = 2, max = 6) int zones,
      @ForAll @IntRange(max = 3) int holders,
      @ForAll long chance) {
    SimulationOutcome outcome =
        Simulation.run(Scenario.warm(nodes, 64).zones(zones).holders(holders).chance(chance));

    assertThat(outcome.incomplete()).isZero();
    assertThat(outcome.entries()).isLessThanOrEqualTo(1);
  }

  @Property(tries = 40)
  void run_nodesDieAndFallSilent_theOthersAreComplete(
      @ForAll @IntRange(min = 4, max = 40) int nodes,
      @ForAll @IntRange(max = 5) int dying,
      @ForAll @IntRange(max = 2) int silent,
      @ForAll long chance) {
    SimulationOutcome outcome =
        Simulation.run(Scenario.warm(nodes, 64).churn(dying / 10.0, silent / 10.0).chance(chance));

    assertThat(outcome.incomplete()).isZero();
  }

  @Test
  void run_slowNodesThatAreKnown_holdNobodyUp() {
    Scenario mixed = Scenario.warm(30, 256);

    double without = Simulation.run(mixed).makespan();
    SimulationOutcome known = Simulation.run(mixed.slow(0.2, true));

    assertThat(known.makespan()).isLessThan(without * 1.5);
    assertThat(known.incomplete()).isZero();
    assertThat(Simulation.run(mixed.slow(0.2, false)).makespan()).isGreaterThan(without * 3);
  }

  @Test
  void run_thousandsOfNodes_needLittleMoreThanHundreds() {
    SimulationOutcome hundreds = Simulation.run(Scenario.warm(200, 64));
    SimulationOutcome thousands = Simulation.run(Scenario.warm(2000, 64));

    assertThat(thousands.incomplete()).isZero();
    assertThat(thousands.makespan()).isLessThan(hundreds.makespan() * 1.5);
  }
}
