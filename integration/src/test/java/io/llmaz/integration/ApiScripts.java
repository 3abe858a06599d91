package io.llmaz.integration;

import java.util.List;
import java.util.Map;

/** What is asked of both API servers; the form of a call is {@link TestingConversation}'s. */
final class ApiScripts {
  static final List<Script> ALL =
      List.of(
          script(
              "create, read, replace, conflict, delete",
              """
              POST configmaps {metadata: {name: c1, labels: {t: c}}, data: {k: v}}
              POST configmaps {metadata: {name: c1}}
              POST configmaps {metadata: {name: UPPER}}
              POST configmaps {metadata: {labels: {a: b}}}
              POST configmaps {metadata: {name: c2}, data: {k: 1}}
              GET configmaps/c1
              GET configmaps/absent
              PUT configmaps/c1 {metadata: {name: c1, resourceVersion: "$v1"}, data: {k: w}}
              PUT configmaps/c1 {metadata: {name: c1, resourceVersion: "$v1"}, data: {k: x}}
              PUT configmaps/c1 {metadata: {name: c1}, data: {k: w}}
              PUT configmaps/other {metadata: {name: c1}, data: {k: w}}
              PUT configmaps/absent {metadata: {name: absent}}
              POST configmaps?dryRun=All {metadata: {name: dry}}
              GET configmaps/dry
              POST configmaps?dryRun=Some {metadata: {name: dry}}
              POST /api/v1/namespaces/nowhere/configmaps {metadata: {name: a}}
              POST configmaps {metadata: {name: c3, namespace: other}}
              DELETE configmaps/c1 {preconditions: {uid: wrong}}
              DELETE configmaps/c1
              DELETE configmaps/c1
              GET /api/v1/namespaces/contract/nothings
              GET /apis/nowhere.io/v1/things
              """),
          script(
              "server-side apply of a map",
              """
              APPLY configmaps/a1 {apiVersion: v1, kind: ConfigMap, metadata: {name: a1}}
              APPLY configmaps/a1?fieldManager=one {apiVersion: v1, kind: ConfigMap, metadata: {name: a1, labels: {l: x}}, data: {k: v, m: n}}
              APPLY configmaps/a1?fieldManager=one {apiVersion: v1, kind: ConfigMap, metadata: {name: a1, labels: {l: x}}, data: {k: v, m: n}}
              APPLY configmaps/a1?fieldManager=two {apiVersion: v1, kind: ConfigMap, metadata: {name: a1}, data: {k: w, m: o}}
              APPLY configmaps/a1?fieldManager=two {apiVersion: v1, kind: ConfigMap, metadata: {name: a1}, data: {k: v, p: q}}
              APPLY configmaps/a1?fieldManager=two&force=true {apiVersion: v1, kind: ConfigMap, metadata: {name: a1}, data: {k: w}}
              APPLY configmaps/a1?fieldManager=one {apiVersion: v1, kind: ConfigMap, metadata: {name: a1}, data: {m: n}}
              APPLY configmaps/a1?fieldManager=one {apiVersion: v1, kind: ConfigMap, metadata: {name: a1, resourceVersion: "$v1"}, data: {m: n}}
              APPLY configmaps/a1?fieldManager=one {apiVersion: v1, kind: ConfigMap, metadata: {name: a1, uid: other}, data: {m: n}}
              APPLY configmaps/a1?fieldManager=one {apiVersion: v1, kind: ConfigMap, metadata: {name: a1, managedFields: [{manager: x}]}, data: {m: n}}
              APPLY configmaps/new?fieldManager=one {apiVersion: v1, kind: ConfigMap, metadata: {name: new, uid: given}}
              APPLY configmaps/new?fieldManager=one {apiVersion: v1, kind: Secret, metadata: {name: new}}
              PUT configmaps/a1?fieldManager=three {metadata: {name: a1}, data: {k: w, m: o}}
              APPLY configmaps/a1?fieldManager=one {apiVersion: v1, kind: ConfigMap, metadata: {name: a1}, data: {m: n}}
              MERGE configmaps/a1?fieldManager=four {data: {k: null, z: "1"}}
              MERGE configmaps/a1 {metadata: {ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: o, uid: "1"}]}}
              DELETE configmaps/a1
              """),
          script(
              "patches",
              """
              POST configmaps {metadata: {name: p1, annotations: {a/b: c}}, data: {k: v}}
              JSONPATCH configmaps/p1 [{op: test, path: /data/k, value: v}, {op: replace, path: /data/k, value: w}, {op: add, path: /data/n, value: x}, {op: remove, path: /metadata/annotations/a~1b}]
              JSONPATCH configmaps/p1 [{op: test, path: /data/k, value: other}]
              JSONPATCH configmaps/p1 [{op: remove, path: /data/absent}]
              JSONPATCH configmaps/p1 [{op: add, path: /metadata/finalizers, value: [llmaz.io/x]}]
              JSONPATCH configmaps/p1 [{op: remove, path: /metadata/finalizers/0}]
              MERGE configmaps/p1 {data: {n: null}}
              MERGE configmaps/p1 {data: {n: null}}
              MERGE configmaps/p1 {metadata: {resourceVersion: "1"}, data: {n: null}}
              STRATEGIC configmaps/p1 {data: {s: t}}
              MERGE configmaps/absent {data: {k: v}}
              STRATEGIC openmodels/absent {spec: {}}
              POST openmodels {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: patched}, spec: {familyName: f, source: {uri: "s3://b/c"}}}
              STRATEGIC openmodels/patched {spec: {familyName: g}}
              MERGE openmodels/patched {spec: {familyName: g}}
              MERGE openmodels/patched {spec: {source: {modelHub: {name: X}}}}
              DELETE openmodels/patched
              DELETE configmaps/p1
              """),
          script(
              "custom resources: schema, defaults, generation, status",
              """
              POST openmodels {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m1}, spec: {familyName: f, source: {modelHub: {modelID: a/b}}, unknown: 1}, status: {conditions: []}}
              POST openmodels?fieldValidation=Strict {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m2}, spec: {familyName: f, source: {modelHub: {modelID: a/b}}, unknown: 1}}
              POST openmodels {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m2}, spec: {familyName: 1, source: {}}}
              POST openmodels {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m2}, spec: {familyName: f, source: {modelHub: {name: X}}}}
              POST openmodels {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m2}, spec: {source: {}}}
              POST openmodels {apiVersion: llmaz.io/v1alpha1, kind: Playground, metadata: {name: m2}, spec: {source: {}}}
              POST openmodels {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m2}, spec: {familyName: f, source: {}, createdAt: yesterday}}
              POST openmodels {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m2}, spec: {familyName: f, source: {}, inferenceConfig: {flavors: [{name: a, limits: {cpu: much}}]}}}
              PUT openmodels/m1 {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m1}, spec: {familyName: f, source: {modelHub: {modelID: a/b}}}}
              PUT openmodels/m1 {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m1, resourceVersion: "$v1"}, spec: {familyName: f, source: {modelHub: {modelID: a/c}}}}
              PUT openmodels/m1/status {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m1, resourceVersion: "$v2"}, spec: {familyName: ignored, source: {}}, status: {conditions: [{type: Ready, status: "True", reason: R, message: m, lastTransitionTime: "2026-01-01T00:00:00Z"}]}}
              MERGE openmodels/m1/status {status: {conditions: [{type: Ready, status: "False", reason: R, message: m, lastTransitionTime: "2026-01-01T00:00:00Z"}]}}
              MERGE openmodels/m1/status {status: {conditions: [{type: Ready, status: Maybe, reason: R, message: m, lastTransitionTime: "2026-01-01T00:00:00Z"}]}}
              MERGE openmodels/m1 {status: {conditions: []}}
              APPLY openmodels/m1/status?fieldManager=op&force=true {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m1}, status: {conditions: [{type: Ready, status: "True", reason: S, message: m, lastTransitionTime: "2026-01-01T00:00:00Z"}]}}
              APPLY openmodels/m1?fieldManager=user {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m1}, spec: {familyName: g, source: {modelHub: {modelID: a/c}}}}
              APPLY openmodels/m1?fieldManager=user&force=true {apiVersion: llmaz.io/v1alpha1, kind: OpenModel, metadata: {name: m1, labels: {l: m}}, spec: {familyName: g, source: {modelHub: {modelID: a/c}}}}
              MERGE openmodels/m1 {metadata: {labels: {l: n}}}
              GET openmodels/m1
              GET openmodels/m1/status
              TABLE openmodels/m1
              MERGE openmodels/absent/status {status: {}}
              DELETE openmodels/m1
              GET openmodels/m1/status
              """),
          script(
              "rules of P2PTask and long times of life",
              """
              POST p2ptasks {apiVersion: llmaz.io/v1alpha1, kind: P2PTask, metadata: {name: t1}, spec: {image: {reference: "x:1"}, model: {source: {uri: "s3://a/b"}}}}
              POST p2ptasks {apiVersion: llmaz.io/v1alpha1, kind: P2PTask, metadata: {name: t1}, spec: {image: {reference: "x:1"}}}
              MERGE p2ptasks/t1 {spec: {image: {reference: "x:2"}}}
              MERGE p2ptasks/t1 {spec: {ttlSecondsAfterFinished: 5}}
              JSONPATCH p2ptasks/t1 [{op: add, path: /metadata/finalizers, value: [llmaz.io/hold]}]
              DELETE p2ptasks/t1 {propagationPolicy: Background}
              DELETE p2ptasks/t1
              MERGE p2ptasks/t1 {metadata: {finalizers: [llmaz.io/hold, llmaz.io/more]}}
              POST p2ptasks {apiVersion: llmaz.io/v1alpha1, kind: P2PTask, metadata: {name: t1}, spec: {image: {reference: "x:1"}}}
              MERGE p2ptasks/t1 {metadata: {finalizers: null}}
              GET p2ptasks/t1
              """),
          script(
              "scale",
              """
              POST playgrounds {apiVersion: inference.llmaz.io/v1alpha1, kind: Playground, metadata: {name: s1}, spec: {modelClaim: {modelName: m}}}
              GET playgrounds/s1/scale
              PUT playgrounds/s1/scale {apiVersion: autoscaling/v1, kind: Scale, metadata: {name: s1, namespace: contract}, spec: {replicas: 3}}
              MERGE playgrounds/s1/scale {spec: {replicas: 4}}
              MERGE playgrounds/s1/scale {spec: {replicas: -1}}
              PUT playgrounds/s1/scale {apiVersion: autoscaling/v1, kind: Scale, metadata: {name: s1, namespace: contract, resourceVersion: "$v1"}, spec: {replicas: 5}}
              GET playgrounds/s1
              TABLE playgrounds/s1
              GET playgrounds/absent/scale
              GET openmodels/absent/scale
              DELETE playgrounds/s1
              """),
          script(
              "lists and selectors",
              """
              POST configmaps {metadata: {name: l1, labels: {t: l, a: x}}}
              POST configmaps {metadata: {name: l2, labels: {t: l, a: y}}}
              POST configmaps {metadata: {name: l3, labels: {t: l}}, data: {k: v}}
              GET configmaps?labelSelector=t=l
              GET configmaps?labelSelector=t==l,a=x
              GET configmaps?labelSelector=t=l,a!=x
              GET configmaps?labelSelector=t=l,a
              GET configmaps?labelSelector=t=l,!a
              GET configmaps?labelSelector=a%20in%20(x,y)
              GET configmaps?labelSelector=t=l,a%20notin%20(x)
              GET configmaps?labelSelector=a%20among%20(x)
              GET configmaps?labelSelector=t=l&fieldSelector=metadata.name=l2
              GET configmaps?labelSelector=t=l&fieldSelector=metadata.name!=l2
              GET configmaps?fieldSelector=data.k=v
              GET configmaps?fieldSelector=nonsense
              GET configmaps?labelSelector=t=l&resourceVersion=0
              TABLE configmaps?labelSelector=t=l
              TABLE configmaps?labelSelector=t=none
              DELETE configmaps?labelSelector=a
              GET configmaps?labelSelector=t=l
              DELETE configmaps/l3
              """),
          script(
              "watches",
              """
              POST configmaps {metadata: {name: w1, labels: {t: w}}}
              MERGE configmaps/w1 {data: {k: v}}
              POST configmaps {metadata: {name: w2, labels: {t: w}}}
              MERGE configmaps/w1 {metadata: {labels: {t: other}}}
              MERGE configmaps/w1 {metadata: {labels: {t: w}}}
              DELETE configmaps/w2
              WATCH configmaps?watch=true&timeoutSeconds=1&labelSelector=t=w&resourceVersion=$v1
              WATCH configmaps?watch=true&timeoutSeconds=1&labelSelector=t=w&resourceVersion=0
              WATCH configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name=w2&resourceVersion=$v1
              WATCHTABLE configmaps?watch=true&timeoutSeconds=1&labelSelector=t=w&resourceVersion=0
              DELETE configmaps/w1
              """),
          script(
              "deletion with propagation",
              """
              POST configmaps {metadata: {name: d1}}
              DELETE configmaps/d1 {propagationPolicy: Orphan}
              POST configmaps {metadata: {name: d2}}
              DELETE configmaps/d2 {propagationPolicy: Foreground}
              POST configmaps {metadata: {name: d3}}
              DELETE configmaps/d3 {propagationPolicy: Sideways}
              DELETE configmaps/d3 {dryRun: [All]}
              DELETE configmaps/d3 {propagationPolicy: Background}
              """),
          script(
              "what the operator makes of built-in kinds",
              """
              APPLY deployments/b1?fieldManager=llmaz {apiVersion: apps/v1, kind: Deployment, metadata: {name: b1}, spec: {replicas: 2, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {initContainers: [{name: model-loader, image: "l:1", env: [{name: A, value: b}, {name: IP, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}], volumeMounts: [{name: v, mountPath: /v}]}], containers: [{name: model-runner, image: "i", args: [a], ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {path: /health, port: 8080}}, resources: {limits: {cpu: 1, memory: 1Gi}}}], volumes: [{name: v, emptyDir: {}}, {name: t, projected: {sources: [{serviceAccountToken: {path: token, audience: a}}]}}, {name: h, hostPath: {path: /h}}]}}}}
              APPLY deployments/b1?fieldManager=llmaz {apiVersion: apps/v1, kind: Deployment, metadata: {name: b1}, spec: {replicas: 2, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: model-runner, image: "i:2", args: [a, c]}]}}}}
              STRATEGIC deployments/b1 {spec: {template: {spec: {containers: [{name: model-runner, env: [{name: X, value: "y"}]}, {name: side, image: s}]}}}}
              STRATEGIC deployments/b1 {spec: {template: {spec: {containers: [{name: side, $patch: delete}]}}}}
              GET deployments/b1/scale
              MERGE deployments/b1/scale {spec: {replicas: 3}}
              TABLE deployments/b1
              POST deployments {metadata: {name: b2}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: c}}, spec: {containers: []}}}}
              DELETE deployments/b1 {propagationPolicy: Background}
              POST deployments {metadata: {name: b3}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {nodeSelector: {x: "y"}, containers: [{name: c, image: "i:latest", command: [a], livenessProbe: {tcpSocket: {port: http}}, ports: [{name: http, containerPort: 1}]}], volumes: [{name: c, configMap: {name: x}}, {name: m, emptyDir: {medium: Memory, sizeLimit: 1Gi}}]}}}}
              DELETE deployments/b3
              APPLY coreservices/b1?fieldManager=llmaz {apiVersion: v1, kind: Service, metadata: {name: b1}, spec: {clusterIP: None, ports: [{name: http, port: 8080}], selector: {a: b}}}
              DELETE coreservices/b1
              APPLY autoscalers/b1?fieldManager=llmaz {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: b1}, spec: {minReplicas: 1, maxReplicas: 3, scaleTargetRef: {apiVersion: inference.llmaz.io/v1alpha1, kind: Playground, name: p}, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]}}
              DELETE autoscalers/b1
              POST leases {metadata: {name: b1}, spec: {holderIdentity: a, leaseDurationSeconds: 15, acquireTime: "2026-01-01T00:00:00.000000Z", renewTime: "2026-01-01T00:00:00.000000Z"}}
              PUT leases/b1 {metadata: {name: b1, resourceVersion: "$v1"}, spec: {holderIdentity: b}}
              DELETE leases/b1
              POST secrets {metadata: {name: b1}, stringData: {k: v}}
              DELETE secrets/b1
              POST events {metadata: {name: b1}, eventTime: "2026-01-01T00:00:00.000000Z", type: Normal, reason: R, note: n, action: A, reportingController: llmaz, reportingInstance: i, regarding: {apiVersion: v1, kind: ConfigMap, name: x, namespace: contract}}
              GET coreevents/b1
              DELETE events/b1
              """),
          script(
              "what JOSDK and informers ask",
              """
              POST p2ptasks {apiVersion: llmaz.io/v1alpha1, kind: P2PTask, metadata: {name: j1, labels: {t: j}}, spec: {image: {reference: "x:1"}}}
              JSONPATCH p2ptasks/j1 [{op: test, path: /metadata/resourceVersion, value: "1"}, {op: add, path: /metadata/finalizers, value: [llmaz.io/f]}]
              APPLY p2ptasks/j1?fieldManager=p2ptask&force=true {apiVersion: llmaz.io/v1alpha1, kind: P2PTask, metadata: {name: j1, finalizers: [llmaz.io/f]}}
              APPLY p2ptasks/j1/status?fieldManager=p2ptask&force=true {apiVersion: llmaz.io/v1alpha1, kind: P2PTask, metadata: {name: j1}, status: {observedGeneration: 1}}
              APPLY p2ptasks/j1?fieldManager=p2ptask&force=true {apiVersion: llmaz.io/v1alpha1, kind: P2PTask, metadata: {name: j1}}
              APPLY p2ptasks/j2?fieldManager=p2ptask&force=true {apiVersion: llmaz.io/v1alpha1, kind: P2PTask, metadata: {name: j2, labels: {t: j}}, spec: {image: {reference: "x:2"}}, status: {observedGeneration: 1}}
              APPLY p2ptasks/absent/status?fieldManager=p2ptask&force=true {apiVersion: llmaz.io/v1alpha1, kind: P2PTask, metadata: {name: absent}, status: {observedGeneration: 1}}
              PUT p2ptasks/j1/status {apiVersion: llmaz.io/v1alpha1, kind: P2PTask, metadata: {name: j1, resourceVersion: "$v1"}, spec: {image: {reference: "x:1"}}, status: {}}
              WATCH p2ptasks?labelSelector=t=j&watch=true&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=$v1
              GET p2ptasks?labelSelector=t=j&resourceVersion=0
              GET p2ptasks?labelSelector=t=j&limit=500&resourceVersion=0
              GET /apis/llmaz.io/v1alpha1/p2ptasks?fieldSelector=metadata.name=j1
              GET p2ptasks?fieldSelector=spec.scope=x
              APPLY services/i1?fieldManager=llmaz&force=true {apiVersion: inference.llmaz.io/v1alpha1, kind: Service, metadata: {name: i1, ownerReferences: [{apiVersion: llmaz.io/v1alpha1, kind: P2PTask, name: j1, uid: "$u1", controller: true, blockOwnerDeletion: true}]}, spec: {replicas: 1, workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner, image: "i:1", env: [{name: A, value: a}, {name: B, value: b}], ports: [{containerPort: 80}]}], volumes: [{name: v, emptyDir: {}}]}}}}}
              APPLY services/i1?fieldManager=llmaz&force=true {apiVersion: inference.llmaz.io/v1alpha1, kind: Service, metadata: {name: i1}, spec: {workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner, image: "i:2", env: [{name: B, value: c}]}]}}}}}
              APPLY services/i1?fieldManager=user&force=true {apiVersion: inference.llmaz.io/v1alpha1, kind: Service, metadata: {name: i1}, spec: {workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner, args: [x]}, {name: side}]}}}}}
              APPLY services/i1?fieldManager=llmaz {apiVersion: inference.llmaz.io/v1alpha1, kind: Service, metadata: {name: i1}, spec: {workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner, args: [y]}]}}}}}
              APPLY services/i1?fieldManager=llmaz {apiVersion: inference.llmaz.io/v1alpha1, kind: Service, metadata: {name: i1}, spec: {workloadTemplate: {workerTemplate: {spec: {containers: [{name: model-runner, env: [{name: B}, {name: B}]}]}}}}}
              TABLE services/i1
              DELETE services/i1
              DELETE p2ptasks/j1
              DELETE p2ptasks/j2
              """),
          script(
              "what kubectl apply and edit send",
              """
              POST playgrounds?fieldManager=kubectl-client-side-apply&fieldValidation=Strict {apiVersion: inference.llmaz.io/v1alpha1, kind: Playground, metadata: {name: k1, annotations: {a: b}}, spec: {modelClaim: {modelName: m}, replicas: 2}}
              MERGE playgrounds/k1?fieldManager=kubectl-client-side-apply&fieldValidation=Strict {metadata: {annotations: {a: c}}, spec: {replicas: 3}}
              MERGE playgrounds/k1?fieldManager=kubectl-edit&fieldValidation=Warn {spec: {replica: 3}}
              MERGE playgrounds/k1?fieldManager=kubectl-patch {spec: {backendRuntimeConfig: {backendName: sglang, args: [a]}}}
              MERGE playgrounds/k1?fieldManager=kubectl-annotate {metadata: {annotations: {a: null}}}
              MERGE playgrounds/k1?fieldManager=kubectl-patch&dryRun=All {spec: {replicas: 9}}
              APPLY playgrounds/k1?fieldManager=kubectl&fieldValidation=Strict {apiVersion: inference.llmaz.io/v1alpha1, kind: Playground, metadata: {name: k1}, spec: {modelClaim: {modelName: m}, wrong: 1}}
              APPLY playgrounds/k1?fieldManager=kubectl {apiVersion: inference.llmaz.io/v1alpha1, kind: Playground, metadata: {name: k1}, spec: {modelClaim: {modelName: m}, replicas: 4}}
              TABLE playgrounds?limit=500
              TABLE playgrounds?labelSelector=none
              GET playgrounds/k1
              DELETE playgrounds/k1 {propagationPolicy: Background}
              TABLE openmodels
              TABLE backendruntimes
              POST backendruntimes {apiVersion: inference.llmaz.io/v1alpha1, kind: BackendRuntime, metadata: {name: k1}, spec: {image: i, version: v, recommendedConfigs: [{name: a, sharedMemorySize: 1Gi, resources: {limits: {cpu: 1}}}]}}
              TABLE backendruntimes
              DELETE backendruntimes/k1
              POST playgrounds {apiVersion: inference.llmaz.io/v2, kind: Playground, metadata: {name: k2}, spec: {}}
              POST playgrounds {kind: Playground, metadata: {name: k2}, spec: {}}
              POST playgrounds {apiVersion: inference.llmaz.io/v1alpha1, kind: Playground, spec: {}}
              PUT playgrounds {apiVersion: inference.llmaz.io/v1alpha1, kind: Playground, metadata: {name: k2}}
              """),
          script(
              "what is refused before it is looked at",
              """
              GET configmaps?labelSelector=a%20b
              GET openmodels?fieldSelector=metadata.name=x,spec.y=z
              GET /apis/llmaz.io/v1alpha1/namespaces/contract/openmodels
              POST configmaps/x {metadata: {name: x}}
              POST openmodels/x/status {}
              DELETE namespaces
              PUT configmaps/x/scale {}
              """),
          script(
              "discovery and versions",
              """
              GET /apis/llmaz.io
              GET /apis/llmaz.io/v1alpha1
              GET /apis/inference.llmaz.io
              GET /apis/inference.llmaz.io/v1alpha1
              GET /apis/nowhere.io
              GET /apis/llmaz.io/v9
              GET /nothing
              GET /healthz/nothing
              """));

  /** What people type; files are those of {@link #FILES}. */
  static final List<String> KUBECTL =
      """
      apply -f model.yaml
      apply -f model.yaml
      apply -f changed.yaml
      apply -f wrong.yaml
      apply -f refused.yaml
      create -f model.yaml
      apply --server-side -f model.yaml
      apply --server-side --force-conflicts -f model.yaml
      apply -f playground.yaml
      apply -f configmap.yaml
      apply -f configmap2.yaml
      apply -f deployment.yaml
      apply -f deployment2.yaml
      diff -f configmap.yaml
      get om
      get openmodels,playgrounds
      get pl -A
      get pl kp -o wide
      get pl kp -o yaml
      get om km -o name
      get om km -o jsonpath={.spec.source}
      get pl -l none=such
      get pl absent
      get nothing
      get cm kc -o yaml
      get deploy kd
      get deploy kd -o wide
      get deploy kd -o yaml
      scale pl kp --replicas=4
      scale deploy kd --replicas=0
      label om km a=b
      annotate om km a=b
      patch pl kp --type=merge -p {"spec":{"replicas":5}}
      patch pl kp --type=json -p [{"op":"replace","path":"/spec/replicas","value":6}]
      patch pl kp -p {"spec":{"replicas":7}}
      patch om km --subresource=status --type=merge -p {"status":{"conditions":[{"type":"Ready","status":"True","reason":"R","message":"m","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
      wait om/km --for=condition=Ready --timeout=5s
      describe om km
      describe pl kp
      set image deploy/kd c=i:3
      rollout restart deploy/kd
      explain playground.spec.elasticConfig
      explain openmodel --recursive
      api-resources --api-group=inference.llmaz.io
      auth can-i get configmaps -n contract
      auth can-i create playgrounds --subresource=scale -n contract
      auth can-i get /healthz
      delete pl kp
      delete deploy kd --cascade=background
      delete -f model.yaml
      delete om km
      delete cm kc
      """
          .lines()
          .toList();

  static final Map<String, String> FILES =
      Map.of(
          "model.yaml",
          """
          apiVersion: llmaz.io/v1alpha1
          kind: OpenModel
          metadata: {name: km}
          spec: {familyName: f, source: {modelHub: {modelID: a/b}}}
          """,
          "changed.yaml",
          """
          apiVersion: llmaz.io/v1alpha1
          kind: OpenModel
          metadata: {name: km, labels: {x: y}}
          spec: {familyName: g, source: {modelHub: {modelID: a/b}}}
          """,
          "wrong.yaml",
          """
          apiVersion: llmaz.io/v1alpha1
          kind: OpenModel
          metadata: {name: wrong}
          spec: {famlyName: f, source: {}}
          """,
          "refused.yaml",
          """
          apiVersion: llmaz.io/v1alpha1
          kind: OpenModel
          metadata: {name: refused}
          spec: {familyName: f, source: {modelHub: {name: Nowhere}}}
          """,
          "playground.yaml",
          """
          apiVersion: inference.llmaz.io/v1alpha1
          kind: Playground
          metadata: {name: kp}
          spec: {modelClaim: {modelName: km}}
          """,
          "configmap.yaml",
          """
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: kc}
          data: {k: v, l: m}
          """,
          "configmap2.yaml",
          """
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: kc}
          data: {k: w}
          """,
          "deployment.yaml",
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: kd}
          spec:
            selector: {matchLabels: {a: b}}
            template:
              metadata: {labels: {a: b}}
              spec: {containers: [{name: c, image: "i:1", env: [{name: A, value: a}]}, {name: d, image: j}]}
          """,
          "deployment2.yaml",
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: kd}
          spec:
            selector: {matchLabels: {a: b}}
            template:
              metadata: {labels: {a: b}}
              spec: {containers: [{name: c, image: "i:2", env: [{name: B, value: b}]}]}
          """);

  /** Calls about one thing. */
  record Script(String name, List<String> calls) {
    @Override
    public String toString() {
      return name;
    }
  }

  private ApiScripts() {}

  private static Script script(String name, String calls) {
    return new Script(name, calls.lines().filter(line -> !line.isBlank()).toList());
  }
}
