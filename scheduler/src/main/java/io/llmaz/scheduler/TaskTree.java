package io.llmaz.scheduler;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A task as it is at one moment, for people and dashboards: who gets it from whom.
 *
 * @param task its id
 * @param pieces of the task; 0 when no peer has said how many there are
 * @param peers in the order in which they registered
 */
record TaskTree(String task, long pieces, List<Peer> peers) {

  /**
   * A peer of the task.
   *
   * @param id of the peer
   * @param host its name and address
   * @param seed whether the host is a seed
   * @param state where it stands
   * @param parent id of the peer that feeds it
   * @param pieces how many it said that it got; a holder that said only that it has all, has 0
   * @param received bytes that it said it got
   * @param sent bytes that others said they got from it
   */
  record Peer(
      String id,
      String host,
      boolean seed,
      PeerState state,
      Optional<String> parent,
      int pieces,
      long received,
      long sent) {}

  TaskTree {
    peers = List.copyOf(peers);
  }

  /** One line for each peer, children below their parents. */
  String text() {
    StringBuilder text = new StringBuilder("task %s, %d pieces\n".formatted(task, pieces));
    List<Peer> roots = roots();
    for (Peer root : roots) {
      text.append(line(root));
      branches(text, root, "", new HashSet<>(Set.of(root.id())));
    }
    return text.toString();
  }

  private void branches(StringBuilder text, Peer parent, String margin, Set<String> drawn) {
    List<Peer> children = childrenOf(parent);
    for (Peer child : children) {
      boolean last = child.equals(children.getLast());
      text.append(margin).append(last ? "└─ " : "├─ ").append(line(child));
      if (drawn.add(child.id())) {
        branches(text, child, margin + (last ? "   " : "│  "), drawn);
      }
    }
  }

  private String line(Peer peer) {
    return String.format(
        Locale.ROOT,
        "%s%s %s %d/%d, received %.1f MiB, sent %.1f MiB\n",
        peer.host(),
        peer.seed() ? " (seed)" : "",
        peer.state().name().toLowerCase(Locale.ROOT),
        peer.pieces(),
        pieces,
        peer.received() / 0x1p20,
        peer.sent() / 0x1p20);
  }

  /** {@code {task, pieces, roots:[{id, host, seed, state, pieces, received, sent, children}]}}. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("task", task).put("pieces", pieces);
    ArrayNode roots = json.putArray("roots");
    roots().forEach(root -> roots.add(json(root, new HashSet<>(Set.of(root.id())))));
    return json;
  }

  private ObjectNode json(Peer peer, Set<String> drawn) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", peer.id())
        .put("host", peer.host())
        .put("seed", peer.seed())
        .put("state", peer.state().name())
        .put("pieces", peer.pieces())
        .put("received", peer.received())
        .put("sent", peer.sent());
    ArrayNode children = json.putArray("children");
    for (Peer child : childrenOf(peer)) {
      if (drawn.add(child.id())) {
        children.add(json(child, drawn));
      }
    }
    return json;
  }

  /**
   * Those without a parent here: holders, the reader of the source, who waits, whose parent left.
   */
  private List<Peer> roots() {
    Set<String> here = peers.stream().map(Peer::id).collect(Collectors.toSet());
    return peers.stream().filter(p -> p.parent().filter(here::contains).isEmpty()).toList();
  }

  private List<Peer> childrenOf(Peer parent) {
    return peers.stream().filter(p -> p.parent().filter(parent.id()::equals).isPresent()).toList();
  }
}
