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
    /** madvise: back this range with huge pages. */
    public static final int MADV_HUGEPAGE = 14;
    /** madvise: never back this range with huge pages. */
    public static final int MADV_NOHUGEPAGE = 15;

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle MMAP = find("mmap", FunctionDescriptor.of(ValueLayout.ADDRESS,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle MUNMAP = find("munmap",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE = find("madvise", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private Libc() {}

    private static MethodHandle find(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type,
                Linker.Option.captureCallState("errno"));
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
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(CAPTURE);
            MemorySegment at = (MemorySegment) MMAP.invokeExact(errno, MemorySegment.NULL, bytes, PROT_READ_WRITE,
                    MAP_PRIVATE_ANONYMOUS, -1, 0L);
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

    private static int errno(MemorySegment capture) {
        return (int) ERRNO.get(capture, 0L);
    }
}
