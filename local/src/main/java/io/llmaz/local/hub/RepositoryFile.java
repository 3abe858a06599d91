package io.llmaz.local.hub;

import java.util.Set;

/**
 * A file of a model repository.
 *
 * @param path with {@code /}, relative
 * @param content its bytes
 * @param gitOid the id of its git blob; for a file under LFS that of its pointer
 */
record RepositoryFile(String path, Content content, String gitOid) {
  private static final long LARGEST_PLAIN_FILE = 1 << 20;
  private static final Set<String> LFS_ENDINGS =
      Set.of("bin", "gguf", "h5", "onnx", "pt", "pth", "safetensors");

  /** Whether the hub keeps such a file in Git LFS: large ones, and the endings of weights. */
  static boolean isLfs(String path, long size) {
    return size > LARGEST_PLAIN_FILE
        || LFS_ENDINGS.contains(path.substring(path.lastIndexOf('.') + 1));
  }

  boolean isLfs() {
    return isLfs(path, content.size());
  }

  /** What git itself holds of a file under LFS (git-lfs.github.com/spec/v1). */
  static String pointer(String sha256, long size) {
    return "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
        .formatted(sha256, size);
  }

  String etag() {
    return isLfs() ? content.sha256() : gitOid;
  }
}
