package io.llmaz.scheduler;

import io.llmaz.dragonfly.api.common.Peer;

/** The way to a seed that was found to have the file: it asked for nothing and hears nothing. */
final class SilentStream implements PeerStream {
  @Override
  public void feedFrom(Peer parent) {}

  @Override
  public void readSource(String why) {}

  @Override
  public void taskIsEmpty() {}

  @Override
  public void metadataOnly() {}

  @Override
  public void refuse(String why) {}

  @Override
  public void notFound(String why) {}
}
