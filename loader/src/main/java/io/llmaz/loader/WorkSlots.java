package io.llmaz.loader;

import io.llmaz.source.ManifestFile;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds what is loaded at once, by files and by their bytes: many small files side by side, of
 * large ones only a few, because each should be whole soon and be given to peers. A file larger
 * than the bound is loaded alone. Safe for many threads.
 */
final class WorkSlots {
  private final int mostFiles;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition freed = lock.newCondition();
  private int files;
  private long bytes;

  WorkSlots(int mostFiles, long mostBytes) {
    this.mostFiles = mostFiles;
    this.mostBytes = mostBytes;
  }

  /** Waits until the file may begin. */
  void acquire(ManifestFile file) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (files >= mostFiles || (files > 0 && bytes + file.size() > mostBytes)) {
        freed.await();
      }
      files++;
      bytes += file.size();
    } finally {
      lock.unlock();
    }
  }

  void release(ManifestFile file) {
    lock.lock();
    try {
      files--;
      bytes -= file.size();
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
