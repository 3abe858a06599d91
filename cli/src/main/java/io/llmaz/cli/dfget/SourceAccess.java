package io.llmaz.cli.dfget;

import io.llmaz.dragonfly.api.common.Download;
import io.llmaz.dragonfly.api.dfdaemon.ListTaskEntriesRequest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the daemon needs besides the URL to read a source: the message that belongs to the URL's
 * scheme, and no other, so that a token goes to its own source alone (dfget 1.5.10 does the same).
 *
 * @param scheme of the URL
 */
record SourceAccess(String scheme, HubOptions hubs, StorageOptions storage) {
  SourceAccess {
    scheme = scheme.toLowerCase(Locale.ROOT);
  }

  void addTo(Download.Builder request) {
    switch (scheme) {
      case "hf" -> request.setHuggingFace(hubs.huggingFace());
      case "modelscope" -> request.setModelScope(hubs.modelScope());
      case "opencsg" -> request.setOpenCsg(hubs.openCsg());
      case "s3", "gs", "abs", "oss", "obs", "cos" ->
          request.setObjectStorage(storage.objectStorage());
      case "hdfs" -> request.setHdfs(storage.hdfs());
      default -> {
        // The URL and the headers say all.
      }
    }
  }

  void addTo(ListTaskEntriesRequest.Builder request) {
    Download.Builder same = Download.newBuilder();
    addTo(same);
    if (same.hasHuggingFace()) {
      request.setHuggingFace(same.getHuggingFace());
    }
    if (same.hasModelScope()) {
      request.setModelScope(same.getModelScope());
    }
    if (same.hasOpenCsg()) {
      request.setOpenCsg(same.getOpenCsg());
    }
    if (same.hasObjectStorage()) {
      request.setObjectStorage(same.getObjectStorage());
    }
    if (same.hasHdfs()) {
      request.setHdfs(same.getHdfs());
    }
  }

  /** What must not be shown. */
  List<String> secrets() {
    return Stream.concat(hubs.secrets().stream(), storage.secrets().stream()).toList();
  }

  /** Without what it holds. */
  @Override
  public String toString() {
    return "access to " + scheme;
  }
}
