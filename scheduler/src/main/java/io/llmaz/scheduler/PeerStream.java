package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Peer;

/** The way back to one peer: an AnnouncePeer stream. Called with the swarm's lock held. */
interface PeerStream {
  void feedFrom(Peer parent);

  void readSource(String why);

  void taskIsEmpty();

  void metadataOnly();

  void refuse(String why);

  /** Nobody has the task, and nobody is to bring it in for this peer. */
  void notFound(String why);
}
