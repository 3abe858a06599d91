package io.llmaz.api;

/** Label and annotation keys of llmaz, and ours. */
public final class Labels {
  /** On Playgrounds and pods: the main model. */
  public static final String MODEL_NAME = "llmaz.io/model-name";

  /** On OpenModels and pods: the family of the main model. */
  public static final String MODEL_FAMILY_NAME = "llmaz.io/model-family-name";

  /** On ConfigMaps: the P2PTask whose manifest they hold. */
  public static final String P2P_TASK = "llmaz.io/p2ptask";

  /** Annotation; {@code "true"} leaves the loading to the inference server. */
  public static final String SKIP_MODEL_LOADER = "llmaz.io/skip-model-loader";

  /** Annotation on pods: the claimed flavors, comma-joined, for the scheduler plugin. */
  public static final String INFERENCE_SERVICE_FLAVORS = "llmaz.io/inference-service-flavors";

  /** Annotation on the load balancer Service, for llmaz's activator. */
  public static final String ACTIVATOR_MODEL_NAME = "activator.llmaz.io/model-name";

  /** LeaderWorkerSet's label with the name of the set; Deployments' pods carry it too. */
  public static final String WORKLOAD_NAME = "leaderworkerset.sigs.k8s.io/name";

  /** LeaderWorkerSet's label with the index within a group; {@code "0"} is the leader. */
  public static final String WORKER_INDEX = "leaderworkerset.sigs.k8s.io/worker-index";

  /** Annotation of workloads and Services: the sources that their replicas were made with, JSON. */
  public static final String MODEL_SOURCES = "llmaz.io/model-sources";

  /**
   * Annotation of Playgrounds and inference Services: another value rolls the replicas and takes
   * the models as they are now.
   */
  public static final String RESTARTED_AT = "llmaz.io/restarted-at";

  /** Annotation of images' P2PTasks: since when nobody uses the image, RFC 3339. */
  public static final String UNUSED_SINCE = "llmaz.io/unused-since";

  private Labels() {}
}
