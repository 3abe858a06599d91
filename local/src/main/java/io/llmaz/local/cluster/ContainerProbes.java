package io.llmaz.local.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The probes of one start of a container; each has a thread that ends with the process. */
final class ContainerProbes {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerProbes.class);

  private final Container container;
  private final Process process;
  private final PodRun pod;

  ContainerProbes(Container container, Process process, PodRun pod) {
    this.container = container;
    this.process = process;
    this.pod = pod;
  }

  void watch() throws ContainerProblem {
    if (container.getReadinessProbe() == null && container.getStartupProbe() == null) {
      pod.node().report().started(container.getName(), true);
      pod.node().report().ready(container.getName(), true);
    }
    if (container.getStartupProbe() == null) {
      watchStarted();
    } else {
      Thresholds startup = new Thresholds(container.getStartupProbe(), false);
      repeat(
          container.getStartupProbe(),
          success -> {
            startup.add(success);
            if (startup.isExhausted()) {
              restart("startup");
            } else if (startup.isPassing()) {
              watchStarted();
            }
            return !startup.isPassing();
          });
    }
  }

  private void watchStarted() throws ContainerProblem {
    pod.node().report().started(container.getName(), true);
    if (container.getReadinessProbe() == null) {
      pod.node().report().ready(container.getName(), true);
    } else {
      Thresholds readiness = new Thresholds(container.getReadinessProbe(), false);
      repeat(
          container.getReadinessProbe(),
          success -> {
            readiness.add(success);
            if (process.isAlive()) {
              pod.node().report().ready(container.getName(), readiness.isPassing());
            }
            return true;
          });
    }
    if (container.getLivenessProbe() != null) {
      Thresholds liveness = new Thresholds(container.getLivenessProbe(), true);
      repeat(
          container.getLivenessProbe(),
          success -> {
            liveness.add(success);
            if (liveness.isExhausted()) {
              restart("liveness");
            }
            return !liveness.isExhausted();
          });
    }
  }

  private void restart(String probe) {
    pod.node()
        .events()
        .warning(
            "Unhealthy",
            "Container " + container.getName() + " failed " + probe + " probe, will be restarted");
    pod.end(process);
  }

  /** What is done with a result; says whether to go on. */
  private interface Verdict {
    boolean next(boolean success) throws ContainerProblem;
  }

  private void repeat(Probe probe, Verdict verdict) throws ContainerProblem {
    ProbeCheck check = new ProbeCheck(pod.node().probes(), container, probe, pod.address());
    Duration period = Duration.ofSeconds(Objects.requireNonNullElse(probe.getPeriodSeconds(), 10));
    Duration delay =
        Duration.ofSeconds(Objects.requireNonNullElse(probe.getInitialDelaySeconds(), 0));
    pod.thread(
        container.getName() + "-probe",
        () -> {
          try {
            Thread.sleep(delay);
            while (process.isAlive() && verdict.next(check.succeeds())) {
              Thread.sleep(period);
            }
          } catch (InterruptedException e) {
            LOG.trace("probe of {}: stopped", container.getName());
          } catch (ContainerProblem e) {
            pod.node().report().waiting(container.getName(), e.reason(), e.text());
          }
        });
  }
}
