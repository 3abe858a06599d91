package io.llmaz.local.hub;

import java.io.IOException;
import java.util.List;

/** Where signed addresses lead: {@code /repos/<sha256>}, and nothing without a signature. */
final class ContentHost implements HubExchange.Handler {
  private static final String DENIED =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>AccessDenied</Code>"
          + "<Message>Access denied</Message></Error>";

  private final Repositories repositories;
  private final SignedLinks links;

  ContentHost(Repositories repositories, SignedLinks links) {
    this.repositories = repositories;
    this.links = links;
  }

  @Override
  public void handle(HubExchange exchange) throws IOException {
    List<String> path = Address.segments(exchange.rawPath());
    Content content =
        path.size() == 2 && path.get(0).equals("repos")
            ? repositories.content(path.get(1)).orElse(null)
            : null;
    if (content == null || !links.opens(content.sha256(), Address.query(exchange.rawQuery()))) {
      exchange.text(403, DENIED);
      return;
    }
    exchange.header("ETag", "\"" + content.sha256() + "\"");
    exchange.header("Content-Type", "application/octet-stream");
    exchange.content(content);
  }
}
