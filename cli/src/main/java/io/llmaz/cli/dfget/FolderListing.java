package io.llmaz.cli.dfget;

import io.llmaz.dragonfly.NodeDaemon;
import io.llmaz.dragonfly.api.dfdaemon.Entry;
import io.llmaz.dragonfly.api.dfdaemon.ListTaskEntriesRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What of a folder is wanted.
 *
 * @param files by name, each once
 * @param folders empty ones too, which stay without their files
 */
record FolderListing(List<FolderFile> files, SortedSet<String> folders) {
  FolderListing {
    files = List.copyOf(files);
  }

  /** Asks the daemon, unless all files are named. */
  static FolderListing of(DfgetOptions options, ProgressLines lines)
      throws IOException, InterruptedException {
    FolderUrl folder = FolderUrl.of(options.url);
    List<IncludedFiles> included =
        options.folder.includeFiles.stream().map(IncludedFiles::new).toList();
    List<Entry> entries = List.of();
    if (included.isEmpty() || !included.stream().allMatch(IncludedFiles::one)) {
      Duration timeout = DfgetValues.duration(options.timeout);
      ListTaskEntriesRequest request = request(folder, options);
      entries =
          new Attempts(options.endpoint, options.attempts)
              .of((NodeDaemon daemon) -> daemon.list(request, timeout), lines);
    }
    return of(folder, entries, included);
  }

  private static ListTaskEntriesRequest request(FolderUrl folder, DfgetOptions options)
      throws IOException {
    ListTaskEntriesRequest.Builder request =
        ListTaskEntriesRequest.newBuilder()
            // It is no task; dfget too makes an id up.
            .setTaskId(UUID.randomUUID().toString())
            .setUrl(folder.text())
            .putAllRequestHeader(options.headerMap())
            .setRemoteIp(InetAddress.getLocalHost().getHostAddress());
    options.access().addTo(request);
    return request.build();
  }

  /**
   * Reads a listing.
   *
   * @param included all of it when empty
   * @throws IOException when an entry is not in the folder, or what was included is not in it
   */
  static FolderListing of(FolderUrl folder, List<Entry> entries, List<IncludedFiles> included)
      throws IOException {
    Map<String, String> all = new TreeMap<>();
    SortedSet<String> folders = new TreeSet<>();
    for (Entry entry : entries) {
      String name = folder.nameOf(entry.getUrl());
      if (entry.getIsDir()) {
        folders.add(name);
      } else if (name.isEmpty() || entry.getUrl().endsWith("/")) {
        throw new IOException("the listing has a file without a name: " + entry.getUrl());
      } else if (!entry.getUrl().equals(all.getOrDefault(name, entry.getUrl()))) {
        throw new IOException("the listing has two files of one name: " + name);
      } else {
        all.put(name, entry.getUrl());
      }
    }
    if (included.isEmpty()) {
      return new FolderListing(files(all), folders);
    }
    Map<String, String> wanted = new TreeMap<>();
    for (IncludedFiles some : included) {
      if (some.one()) {
        wanted.put(some.pattern(), folder.file(some.pattern()));
        continue;
      }
      Map<String, String> meant = some.of(all);
      if (meant.isEmpty()) {
        throw new IOException("nothing in the folder is " + some.pattern());
      }
      meant.forEach(wanted::putIfAbsent);
    }
    return new FolderListing(files(wanted), new TreeSet<>());
  }

  private static List<FolderFile> files(Map<String, String> byName) {
    return byName.entrySet().stream()
        .map(file -> new FolderFile(file.getKey(), file.getValue()))
        .toList();
  }
}
