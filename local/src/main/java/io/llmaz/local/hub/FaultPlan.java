package io.llmaz.local.hub;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The faults still to happen, first match first. Safe for any number of threads. */
final class FaultPlan {
  private static final class Rule {
    final String pathPart;
    final Fault fault;
    int left;

    Rule(String pathPart, Fault fault, int left) {
      this.pathPart = pathPart;
      this.fault = fault;
      this.left = left;
    }
  }

  private final List<Rule> rules = new ArrayList<>();

  synchronized void add(String pathPart, int times, Fault fault) {
    if (times < 1) {
      throw new IllegalArgumentException("a fault happens once or more, not " + times);
    }
    rules.add(new Rule(pathPart, fault, times));
  }

  synchronized Optional<Fault> take(String path) {
    for (Iterator<Rule> each = rules.iterator(); each.hasNext(); ) {
      Rule rule = each.next();
      if (path.contains(rule.pathPart)) {
        if (--rule.left == 0) {
          each.remove();
        }
        return Optional.of(rule.fault);
      }
    }
    return Optional.empty();
  }
}
