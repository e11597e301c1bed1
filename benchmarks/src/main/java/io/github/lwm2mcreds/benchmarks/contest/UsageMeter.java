// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Reads what this JVM has used; context switches and the collector's time are known on Linux only.
 */
final class UsageMeter {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final List<String> COLLECTORS = List.of("GC Thread", "G1 ", "VM Thread");

  private UsageMeter() {}

  static ServerUsage read(long handshakes) throws IOException {
    long[] ids = // without this thread, which only measures
        Arrays.stream(THREADS.getAllThreadIds())
            .filter(id -> id != Thread.currentThread().getId())
            .toArray();
    return new ServerUsage(
        handshakes,
        sum(THREADS.getThreadCpuTime(ids)),
        gcNanos(),
        SYSTEM.getProcessCpuTime(),
        sum(THREADS.getThreadAllocatedBytes(ids)),
        contextSwitches());
  }

  /** Returns the bytes of heap in use after a full collection. */
  static long heapInUse() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      used = Math.min(used, MEMORY.getHeapMemoryUsage().getUsed());
    }
    return used;
  }

  private static long sum(long[] perThread) {
    long sum = 0;
    for (long value : perThread) {
      sum += Math.max(0, value); // -1 for a thread that has ended
    }
    return sum;
  }

  private static long gcNanos() throws IOException {
    long nanos = 0;
    for (Path task : tasks()) {
      if (COLLECTORS.stream().anyMatch(read(task, "comm")::startsWith)) {
        String onProcessor = read(task, "schedstat").split(" ")[0];
        nanos += onProcessor.isEmpty() ? 0 : Long.parseLong(onProcessor);
      }
    }
    return nanos;
  }

  private static long contextSwitches() throws IOException {
    long switches = 0;
    for (Path task : tasks()) {
      switches +=
          read(task, "status")
              .lines()
              .filter(line -> line.contains("ctxt_switches:"))
              .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
              .sum();
    }
    return switches;
  }

  private static List<Path> tasks() throws IOException {
    if (!Files.isDirectory(TASKS)) {
      return List.of();
    }
    try (Stream<Path> tasks = Files.list(TASKS)) {
      return tasks.toList();
    }
  }

  /** Returns a file of a thread, empty if the thread has ended. */
  private static String read(Path task, String file) {
    try {
      return Files.readString(task.resolve(file));
    } catch (IOException e) {
      return "";
    }
  }
}
