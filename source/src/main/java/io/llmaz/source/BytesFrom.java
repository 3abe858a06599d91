package io.llmaz.source;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may give the bytes of a link of the gateway, where that is not left to the gateway: parameter
 * {@value #PARAMETER}. It only takes away, so it is not signed.
 */
public enum BytesFrom {
  /**
   * Peers alone: the gateway reads nothing for this link. For daemons that Dragonfly's scheduler
   * may send to the source, whatever they were told.
   */
  PEERS,
  /** The gateway, of what it keeps or from the source, but from no seed: for seeds. */
  GATEWAY,
  /** The source alone, past whatever is kept: for readers who found bytes wrong. */
  SOURCE;

  /** The parameter of a link. */
  public static final String PARAMETER = "from";

  /** A link that only these may serve. */
  public URI narrow(URI link) {
    return URI.create(
        link + (link.getRawQuery() == null ? "?" : "&") + PARAMETER + "=" + parameter());
  }

  /** What a link says; empty when it leaves it to the gateway, or says what nobody knows. */
  public static Optional<BytesFrom> of(@Nullable String parameter) {
    return Arrays.stream(values()).filter(from -> from.parameter().equals(parameter)).findFirst();
  }

  private String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
