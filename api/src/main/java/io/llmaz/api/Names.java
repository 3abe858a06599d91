package io.llmaz.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Names that more than one program must agree on. */
public final class Names {
  /** The field manager of everything we apply. */
  public static final String FIELD_MANAGER = "llmaz";

  /** The container that serves the model. */
  public static final String RUNNER_CONTAINER = "model-runner";

  /** The first init container; further models get {@code model-loader-<i>}. */
  public static final String LOADER_CONTAINER = "model-loader";

  /** The volume with the models. */
  public static final String MODEL_VOLUME = "model-volume";

  /** Where the models are mounted. */
  public static final String MODEL_MOUNT_PATH = "/workspace/models/";

  /** The backend of a Playground that names none. */
  public static final String DEFAULT_BACKEND = "vllm";

  /** The port of inference servers. */
  public static final int SERVING_PORT = 8080;

  /** The audience of the token with which a loader asks the gateway. */
  public static final String GATEWAY_AUDIENCE = "llmaz-gateway";

  /** The key of a manifest in its ConfigMap. */
  public static final String MANIFEST_KEY = "manifest.json.gz";

  /** Beside it, the key of what seeds hold ({@code SeedHoldings}). */
  public static final String HOLDINGS_KEY = "seeds.json";

  private static final int LONGEST_LABEL = 63;

  private Names() {}

  /** The P2PTask of an OpenModel. Names over 63 characters end in a hash instead. */
  public static String modelTask(String openModel) {
    return fit("model-" + openModel, openModel);
  }

  /**
   * The P2PTask of an image, the same for everyone who uses the reference on the platforms: {@code
   * image-<last part of the repository>-<8 hex digits>}.
   */
  public static String imageTask(String reference, List<String> platforms) {
    String repository =
        reference.contains("@") ? reference.substring(0, reference.indexOf('@')) : reference;
    String last = repository.substring(repository.lastIndexOf('/') + 1);
    int colon = last.indexOf(':');
    String name =
        (colon < 0 ? last : last.substring(0, colon))
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-+|-+$", "");
    String hash = hash8(reference + "@" + String.join(",", platforms));
    String kept =
        name.substring(0, Math.min(name.length(), LONGEST_LABEL - "image--".length() - 8));
    return "image-" + (kept.isEmpty() ? "" : kept.replaceAll("-+$", "") + "-") + hash;
  }

  /** The ConfigMap that holds a task's manifest. */
  public static String manifestConfigMap(String task) {
    return "p2p-" + task;
  }

  /** The Service in front of an inference Service's leaders. */
  public static String loadBalancer(String service) {
    return service + "-lb";
  }

  private static String fit(String name, String whole) {
    return name.length() <= LONGEST_LABEL
        ? name
        : name.substring(0, LONGEST_LABEL - 9).replaceAll("[-.]+$", "") + "-" + hash8(whole);
  }

  private static String hash8(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
