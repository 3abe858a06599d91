package io.llmaz.api.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.llmaz.api.model.OpenModel;
import io.llmaz.api.p2p.P2PTask;
import org.junit.jupiter.api.Test;

/** Objects as users write them come back as they were read. */
final class RoundTripTest {

  @Test
  void openModel_readAndWritten_isTheSame() {
    assertSame(
        """
        apiVersion: llmaz.io/v1alpha1
        kind: OpenModel
        metadata: {name: qwen2-0--5b-gguf}
        spec:
          familyName: qwen2
          source:
            modelHub: {modelID: Qwen/Qwen2-0.5B-Instruct-GGUF, filename: q5.gguf, allowPatterns: ["*.gguf"]}
          inferenceConfig:
            flavors:
            - {name: t4, limits: {nvidia.com/gpu: "1"}, nodeSelector: {gpu: t4}, params: {TP: "1"}}
        """,
        OpenModel.class);
  }

  @Test
  void playground_readAndWritten_isTheSame() {
    assertSame(
        """
        apiVersion: inference.llmaz.io/v1alpha1
        kind: Playground
        metadata: {name: p, namespace: default}
        spec:
          replicas: 2
          modelClaims:
            models: [{name: big, role: main}, {name: small, role: draft}]
            inferenceFlavors: [t4]
          backendRuntimeConfig:
            backendName: llamacpp
            args: [-fa]
            envs: [{name: A, value: b}]
            resources: {limits: {cpu: "4"}, requests: {cpu: "2"}}
            sharedMemorySize: 1Gi
          elasticConfig:
            maxReplicas: 3
            scaleTrigger: {hpa: {metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]}}
        """,
        Playground.class);
  }

  @Test
  void inferenceService_readAndWritten_isTheSame() {
    assertSame(
        """
        apiVersion: inference.llmaz.io/v1alpha1
        kind: Service
        metadata: {name: s, namespace: default}
        spec:
          replicas: 2
          modelClaims: {models: [{name: big}]}
          workloadTemplate:
            size: 2
            restartPolicy: RecreateGroupOnPodRestart
            subGroupPolicy: {subGroupPolicyType: LeaderWorker, subGroupSize: 1}
            workerTemplate: {spec: {containers: [{name: model-runner, image: a:1}]}}
          rolloutStrategy: {type: RollingUpdate, rollingUpdateConfiguration: {maxUnavailable: 1, maxSurge: 0}}
        """,
        InferenceService.class);
  }

  @Test
  void p2pTask_readAndWritten_isTheSame() {
    assertSame(
        """
        apiVersion: llmaz.io/v1alpha1
        kind: P2PTask
        metadata: {name: image-x}
        spec:
          image: {reference: "a/b:1", platforms: [linux/amd64]}
          scope: SeedPeers
          fallback: Allowed
          deadlineSeconds: 3600
          ttlSecondsAfterFinished: 86400
        status:
          observedGeneration: 1
          kind: image
          files: {total: 2, distributed: 1}
          bytes: {total: 20, distributed: 10}
          progress: 50%
          origin: {bytes: 10, amplification: "1.00"}
          manifest: {name: p2p-image-x}
        """,
        P2PTask.class);
  }

  private static void assertSame(String yaml, Class<?> type) {
    Object read = Serialization.unmarshal(yaml, type);
    Object written = Serialization.unmarshal(Serialization.asYaml(read), Object.class);
    assertThat(written).isEqualTo(Serialization.unmarshal(yaml, Object.class));
  }
}
