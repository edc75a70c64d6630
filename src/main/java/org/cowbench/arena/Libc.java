package org.cowbench.arena;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The calls of libc that cowbench makes: the one class that touches {@link Linker}.
 *
 * <p>Needs a 64-bit Linux. Constants are those of the generic Linux ABI ({@code asm-generic/mman-common.h}).
 */
@SuppressWarnings("restricted")
public final class Libc {
    /** madvise: drop the content of this range; it reads as zeroes in new frames. */
    public static final int MADV_DONTNEED = 4;
    /** madvise: back this range with huge pages. */
    public static final int MADV_HUGEPAGE = 14;
    /** madvise: never back this range with huge pages. */
    public static final int MADV_NOHUGEPAGE = 15;

    /** madvise: reclaim this range now. */
    public static final int MADV_PAGEOUT = 21;

    /** Size in bytes of what {@link #threadFaults} fills: struct rusage. */
    public static final int RUSAGE = 144;

    private static final int RUSAGE_THREAD = 1;
    private static final long RUSAGE_MINFLT = 64;
    private static final long RUSAGE_MAJFLT = 72;
    private static final int SIGCHLD = 17;
    private static final int SIGKILL = 9;
    private static final long CHILD_STACK = 64 * 1024;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_ANONYMOUS = 0x21;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle MMAP = find(
            "mmap",
            FunctionDescriptor.of(
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP =
            find("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE = find(
            "madvise",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private static final MethodHandle CLONE = find(
            "clone",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS));
    private static final MethodHandle KILL =
            find("kill", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle WAITPID = find(
            "waitpid",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private static final MethodHandle GETRUSAGE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("getrusage"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    /** perf_event_open, where this architecture has one that is known here; it has no wrapper in libc. */
    private static final long PERF_EVENT_OPEN =
            switch (System.getProperty("os.arch")) {
                case "amd64" -> 298;
                case "aarch64", "riscv64" -> 241;
                default -> -1;
            };

    private static final long PERF_FLAG_FD_CLOEXEC = 8;
    private static final int ENOSYS = 38;
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle READ = find(
            "read",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle CLOSE =
            find("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Libc() {}

    private static MethodHandle find(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState("errno"));
    }

    /**
     * Maps zeroed, private, anonymous memory.
     *
     * @param bytes size in bytes
     * @param arena whose end unmaps it
     * @return the mapping, page aligned
     * @throws OutOfMemoryError if the kernel refuses
     */
    public static MemorySegment mmap(long bytes, Arena arena) {
        return map(bytes, MAP_PRIVATE_ANONYMOUS, arena);
    }

    /**
     * Maps zeroed memory that a forked child shares, so that no fork makes it copy on write.
     *
     * @param bytes size in bytes
     * @param arena whose end unmaps it
     * @return the mapping, page aligned
     * @throws OutOfMemoryError if the kernel refuses
     */
    public static MemorySegment mmapShared(long bytes, Arena arena) {
        return map(bytes, MAP_SHARED_ANONYMOUS, arena);
    }

    private static MemorySegment map(long bytes, int flags, Arena arena) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(CAPTURE);
            MemorySegment at =
                    (MemorySegment) MMAP.invokeExact(errno, MemorySegment.NULL, bytes, PROT_READ_WRITE, flags, -1, 0L);
            if (at.address() == -1) {
                throw new OutOfMemoryError("mmap of " + bytes + " bytes failed: errno " + errno(errno));
            }
            return at.reinterpret(bytes, arena, Libc::munmap);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("mmap", e);
        }
    }

    private static void munmap(MemorySegment mapping) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(CAPTURE);
            int result = (int) MUNMAP.invokeExact(errno, mapping, mapping.byteSize());
            assert result == 0 : "munmap: errno " + errno(errno);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("munmap", e);
        }
    }

    /**
     * Advises the kernel about a page-aligned range.
     *
     * @param range the range
     * @param advice one of the {@code MADV_} constants
     * @return 0, or the errno of the failure
     */
    public static int madvise(MemorySegment range, int advice) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(CAPTURE);
            int result = (int) MADVISE.invokeExact(errno, range, range.byteSize(), advice);
            return result == 0 ? 0 : errno(errno);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("madvise", e);
        }
    }

    /**
     * Forks this JVM into a process that only sleeps: it shares every page, and touches none. It runs libc's
     * {@code sleep} on a stack of its own and never a line of Java, of which a forked JVM is not capable.
     *
     * @param seconds after which it ends by itself, should nobody end it
     * @return its process id, for {@link #end(int)}
     * @throws IllegalStateException if the kernel refuses
     */
    public static int forkSleeper(int seconds) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(CAPTURE);
            MemorySegment stack = call.allocate(CHILD_STACK, 16);
            MemorySegment sleep = LINKER.defaultLookup().findOrThrow("sleep");
            // The stack is the child's own copy from the moment of the fork: it may be freed here.
            int pid = (int) CLONE.invokeExact(
                    errno, sleep, stack.asSlice(CHILD_STACK), SIGCHLD, MemorySegment.ofAddress(seconds));
            if (pid < 0) {
                throw new IllegalStateException("fork failed: errno " + errno(errno));
            }
            return pid;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("clone", e);
        }
    }

    /**
     * Kills a child and waits until it has gone.
     *
     * @param pid what {@link #forkSleeper(int)} returned
     */
    public static void end(int pid) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(CAPTURE);
            int killed = (int) KILL.invokeExact(errno, pid, SIGKILL);
            int reaped = (int) WAITPID.invokeExact(errno, pid, MemorySegment.NULL, 0);
            assert killed == 0 && reaped == pid : "kill " + killed + ", waitpid " + reaped;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("waitpid", e);
        }
    }

    /**
     * Counts the page faults of the calling thread. It allocates nothing and writes to the given memory alone, so that it
     * adds no faults of its own where that is present.
     *
     * @param usage native memory of at least {@link #RUSAGE} bytes
     * @return minor and major faults so far
     */
    public static long threadFaults(MemorySegment usage) {
        try {
            int result = (int) GETRUSAGE.invokeExact(RUSAGE_THREAD, usage);
            assert result == 0 : "getrusage";
            return usage.get(ValueLayout.JAVA_LONG, RUSAGE_MINFLT) + usage.get(ValueLayout.JAVA_LONG, RUSAGE_MAJFLT);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("getrusage", e);
        }
    }

    /**
     * perf_event_open for the calling thread, on whatever CPU it runs.
     *
     * @param attributes struct perf_event_attr
     * @return a file descriptor, or the errno of the failure, negated
     */
    public static int perfEventOpen(MemorySegment attributes) {
        if (PERF_EVENT_OPEN < 0) {
            return -ENOSYS;
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(CAPTURE);
            long file = (long) SYSCALL.invokeExact(errno, PERF_EVENT_OPEN, attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
            return file < 0 ? -errno(errno) : (int) file;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("perf_event_open", e);
        }
    }

    /**
     * Reads from a file descriptor.
     *
     * @param file the descriptor
     * @param to native memory to fill
     * @return bytes read, or the errno of the failure, negated
     */
    public static long read(int file, MemorySegment to) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(CAPTURE);
            long read = (long) READ.invokeExact(errno, file, to, to.byteSize());
            return read < 0 ? -errno(errno) : read;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("read", e);
        }
    }

    /**
     * Closes a file descriptor.
     *
     * @param file the descriptor
     */
    public static void close(int file) {
        try (Arena call = Arena.ofConfined()) {
            int result = (int) CLOSE.invokeExact(call.allocate(CAPTURE), file);
            assert result == 0 : "close";
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("close", e);
        }
    }

    private static int errno(MemorySegment capture) {
        return (int) ERRNO.get(capture, 0L);
    }
}
