package org.cowbench.bench.misses;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;
import org.cowbench.arena.Libc;

/** Makes accesses of the arena's and the benchmarks' classes calls of {@link TracedMemory}. */
final class Redirection {
    private static final String MEMORY = "java/lang/foreign/MemorySegment";
    private static final String HANDLE = "java/lang/invoke/VarHandle";
    private static final ClassDesc TRACED = ClassDesc.of(TracedMemory.class.getName());

    private static final Set<String> ACCESSES =
            Set.of("get", "set", "copy", "fill", "getAndAdd", "getAndBitwiseOr", "getAndBitwiseAnd", "fullFence");
    /** What touches no memory. */
    private static final Set<String> OTHERS = Set.of("asSlice", "byteSize", "address");

    private Redirection() {}

    /**
     * Redirects the accesses of a class.
     *
     * @param name its name
     * @param bytes its class file
     * @return another, or the same where it is none of the arena's or the benchmarks'
     * @throws IllegalStateException for an access that {@link TracedMemory} does not have
     */
    static byte[] of(String name, byte[] bytes) {
        // What Libc reads is the kernel's.
        if (name.equals(Libc.class.getName())
                || !name.startsWith("org.cowbench.arena.") && !name.startsWith("org.cowbench.bench.")) {
            return bytes;
        }
        ClassFile files = ClassFile.of();
        return files.transformClass(
                files.parse(bytes),
                ClassTransform.transformingMethodBodies((code, element) -> instruction(name, code, element)));
    }

    private static void instruction(String name, CodeBuilder code, CodeElement element) {
        if (!(element instanceof InvokeInstruction call)) {
            code.with(element);
            return;
        }
        String owner = call.owner().asInternalName();
        String method = call.name().stringValue();
        if (!owner.equals(MEMORY) && !owner.equals(HANDLE) || OTHERS.contains(method)) {
            code.with(element);
            return;
        }
        if (!ACCESSES.contains(method)) {
            throw new IllegalStateException(name + " calls " + owner + "." + method + ", which is not counted");
        }
        MethodTypeDesc type = call.typeSymbol();
        boolean isStatic = call.opcode() == Opcode.INVOKESTATIC;
        code.invokestatic(
                TRACED,
                method,
                isStatic ? type : type.insertParameterTypes(0, call.owner().asSymbol()));
    }
}
