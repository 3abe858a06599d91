package io.llmaz.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a task as a forest, while the policy decides: how many children, how deep, whether
 * the way up ends at the file. Each is found once and kept, so that hundreds of waiting peers cost
 * one look at each other peer and no more.
 */
final class Family {
  private final List<Member> members;
  private final int mostPieces;

  Family(List<PeerView> peers, Predicate<PeerView> slow) {
    members = new ArrayList<>(peers.size());
    Map<String, Member> byId = HashMap.newHashMap(peers.size());
    int most = 0;
    for (PeerView peer : peers) {
      Member member = new Member(peer, slow.test(peer));
      members.add(member);
      byId.put(peer.id(), member);
      if (peer.state() == PeerState.FED) {
        most = Math.max(most, peer.pieces());
      }
    }
    mostPieces = most;
    for (Member member : members) {
      member.peer().parent().map(byId::get).ifPresent(member::hangOn);
    }
  }

  Collection<Member> members() {
    return members;
  }

  int depth(Member member) {
    return place(member).depth();
  }

  /** How many pieces the head of its chain has. */
  int headPieces(Member member) {
    return place(member).headPieces();
  }

  /** The most that a peer has which is still fed. */
  int mostPieces() {
    return mostPieces;
  }

  boolean rooted(Member member) {
    return place(member).rooted();
  }

  /** Whether a peer is this one or gets the file through it. */
  boolean isBelow(Member member, Member top) {
    if (!top.hasChildren()) {
      return member == top;
    }
    Member at = member;
    for (int steps = 0; at != null && steps <= members.size(); steps++) {
      if (at == top) {
        return true;
      }
      at = at.parent();
    }
    return false;
  }

  void feed(Member child, Member parent) {
    replace(child, child.peer().fedBy(parent.peer().id()));
    child.hangOn(parent);
  }

  void readSource(Member reader) {
    replace(reader, reader.peer().readingSource());
  }

  private void replace(Member member, PeerView peer) {
    member.becomes(peer);
    if (member.hasChildren()) {
      members.forEach(Member::moved); // Whoever is below it has moved too.
    } else {
      member.moved();
    }
  }

  private Member.Place place(Member member) {
    Member.Place known = member.place();
    return known == null ? find(member) : known;
  }

  /** Not by recursion: a chain may be thousands of peers long. */
  private Member.Place find(Member member) {
    ArrayDeque<Member> way = new ArrayDeque<>();
    Member at = member;
    while (at != null && at.place() == null && way.size() <= members.size()) {
      way.push(at);
      at = at.parent();
    }
    Member.@Nullable Place above = null;
    if (at != null) {
      above = at.place() == null ? Member.Place.NOWHERE : at.place();
    }
    for (Member next : way) {
      above = next.below(above);
      next.stands(above);
    }
    return Objects.requireNonNull(above);
  }
}
