package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Peer;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a peer is told, as words. */
final class TestingStream implements PeerStream {
  final List<String> heard = new ArrayList<>();

  @Override
  public void feedFrom(Peer parent) {
    heard.add("feed from " + parent.getId());
  }

  @Override
  public void readSource(String why) {
    heard.add("read the source");
  }

  @Override
  public void taskIsEmpty() {
    heard.add("empty");
  }

  @Override
  public void metadataOnly() {
    heard.add("metadata");
  }

  @Override
  public void refuse(String why) {
    heard.add("refused");
  }

  @Override
  public void notFound(String why) {
    heard.add("not found");
  }
}
