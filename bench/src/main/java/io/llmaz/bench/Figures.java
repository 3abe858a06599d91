package io.llmaz.bench;

import java.util.List;

/**
 * What a benchmark has to say.
 *
 * @param lines each measurement, as text
 * @param bars what must hold
 */
record Figures(List<String> lines, List<Bar> bars) {
  Figures {
    lines = List.copyOf(lines);
    bars = List.copyOf(bars);
  }
}
