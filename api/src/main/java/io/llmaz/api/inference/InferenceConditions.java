package io.llmaz.api.inference;

/**
 * Condition types, reasons and messages of Playgrounds and inference Services, as llmaz has them.
 */
public final class InferenceConditions {
  /** On its way, or stopped if False. */
  public static final String PROGRESSING = "Progressing";

  /** Every replica serves. */
  public static final String AVAILABLE = "Available";

  /** Playground: it cannot go on until something changes. */
  public static final String ABORT_PROCESSING = "AbortProcessing";

  /** Playground: nothing was seen of its Service yet. */
  public static final String PENDING = "Pending";

  /** Playground: its Service is available. */
  public static final String PLAYGROUND_READY = "PlaygroundReady";

  /** Playground: its Service was available and is not now. */
  public static final String PLAYGROUND_IN_PROGRESS = "PlaygroundInProgress";

  /** Playground: not available now. */
  public static final String PLAYGROUND_NOT_READY = "PlaygroundNotReady";

  /** Service: its workload is available. */
  public static final String SERVICE_READY = "ServiceReady";

  /** Service: its workload is on its way. */
  public static final String SERVICE_IN_PROGRESS = "ServiceInProgress";

  /** Service: its workload was available and is not now. */
  public static final String SERVICE_NOT_READY = "ServiceNotReady";

  /** Playground, ours: a claimed model is not ready yet. */
  public static final String WAITING_FOR_MODEL = "WaitingForModel";

  /** Playground, ours: the image is not prepared yet. */
  public static final String WAITING_FOR_IMAGE = "WaitingForImage";

  /** Type, ours; there only while a model was edited to another source than the replicas have. */
  public static final String MODEL_DRIFTED = "ModelDrifted";

  /** Reason of it. */
  public static final String MODEL_CHANGED = "ModelChanged";

  private InferenceConditions() {}
}
