package io.llmaz.operator.p2p;

/**
 * How many files, and how many bytes of them, are on their way into seeds at once, over all tasks.
 * A file that is larger than the whole budget goes alone. Safe for many threads.
 */
final class TransferBudget {
  private final int mostFiles;
  private final long mostBytes;
  // Both guarded by this.
  private int files;
  private long bytes;

  TransferBudget(int mostFiles, long mostBytes) {
    this.mostFiles = mostFiles;
    this.mostBytes = mostBytes;
  }

  /** A file's part of the budget, until it is closed; closing twice is no error. */
  final class Share implements AutoCloseable {
    private final long size;
    private boolean open = true;

    private Share(long size) {
      this.size = size;
    }

    @Override
    public void close() {
      synchronized (TransferBudget.this) {
        if (open) {
          open = false;
          files--;
          bytes -= size;
          TransferBudget.this.notifyAll();
        }
      }
    }
  }

  /** Waits for room. */
  synchronized Share take(long size) throws InterruptedException {
    while (files >= mostFiles || (files > 0 && bytes + size > mostBytes)) {
      wait();
    }
    files++;
    bytes += size;
    return new Share(size);
  }
}
