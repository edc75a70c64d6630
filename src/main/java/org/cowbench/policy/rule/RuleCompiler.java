package org.cowbench.policy.rule;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Set;
import org.cowbench.policy.KernelOps;
import org.cowbench.policy.ReusePolicy;

/**
 * Makes a class of a rule: a {@link RulePolicy} whose {@link RulePolicy#holds} is what javac would have made of the
 * same expression. The class is hidden, in the loader of this one, so that each lane of a measurement has its own and
 * HotSpot inlines it like a policy that was there from the start.
 */
final class RuleCompiler {
    private static final ClassDesc SUPERCLASS = describe(RulePolicy.class);
    private static final MethodTypeDesc CONSTRUCTOR = MethodTypeDesc.of(
            ConstantDescs.CD_void, ConstantDescs.CD_String, describe(ReusePolicy.class), describe(Set.class));
    private static final MethodTypeDesc HOLDS = MethodTypeDesc.of(
            ConstantDescs.CD_boolean, describe(KernelOps.class), ConstantDescs.CD_int, ConstantDescs.CD_int);
    /** Locals of {@code holds}. */
    private static final int KERNEL = 1;

    private static final int FOLIO = 2;
    private static final int PAGE = 3;

    private final CodeBuilder code;

    private RuleCompiler(CodeBuilder code) {
        this.code = code;
    }

    /**
     * Compiles a rule.
     *
     * @param text the rule
     * @param rule what it says
     * @param base the policy that decides all else
     * @param words those that it has
     * @return an instance of its class
     */
    static RulePolicy compile(String text, Expression rule, ReusePolicy base, Set<Word> words) {
        try {
            MethodHandles.Lookup compiled = MethodHandles.lookup().defineHiddenClass(bytes(rule), true);
            return (RulePolicy) compiled.findConstructor(
                            compiled.lookupClass(),
                            MethodType.methodType(void.class, String.class, ReusePolicy.class, Set.class))
                    .invoke(text, base, words);
        } catch (Throwable e) {
            throw new IllegalStateException("the class made of rule '" + text + "' was refused", e);
        }
    }

    /**
     * Writes the class.
     *
     * @param rule what {@code holds} says
     * @return a class file
     */
    static byte[] bytes(Expression rule) {
        return ClassFile.of()
                .build(ClassDesc.of(RulePolicy.class.getPackageName(), "CompiledRule"), builder -> builder.withFlags(
                                ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                        .withSuperclass(SUPERCLASS)
                        .withMethodBody(ConstantDescs.INIT_NAME, CONSTRUCTOR, 0, code -> code.aload(0)
                                .aload(1)
                                .aload(2)
                                .aload(3)
                                .invokespecial(SUPERCLASS, ConstantDescs.INIT_NAME, CONSTRUCTOR)
                                .return_())
                        .withMethodBody("holds", HOLDS, 0, code -> new RuleCompiler(code).body(rule)));
    }

    private static ClassDesc describe(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    private void body(Expression rule) {
        Label no = code.newLabel();
        branch(rule, false, no);
        code.iconst_1().ireturn().labelBinding(no).iconst_0().ireturn();
    }

    /** Goes to a label when a value is true, or when it is not; goes on otherwise. */
    private void branch(Expression value, boolean when, Label target) {
        switch (value) {
            case Expression.Not not -> branch(not.operand(), !when, target);
            case Expression.Both both -> shortcut(both.left(), both.right(), false, when, target);
            case Expression.Either either -> shortcut(either.left(), either.right(), true, when, target);
            case Expression.Comparison comparison -> {
                number(comparison.left());
                number(comparison.right());
                code.lcmp().branch(jump(comparison.operator(), when), target);
            }
            case Expression.Choice choice -> {
                Label no = code.newLabel();
                Label end = code.newLabel();
                branch(choice.condition(), false, no);
                branch(choice.yes(), when, target);
                code.goto_(end).labelBinding(no);
                branch(choice.no(), when, target);
                code.labelBinding(end);
            }
            case Expression.Ask ask -> {
                ask(ask.word());
                code.branch(when ? Opcode.IFNE : Opcode.IFEQ, target);
            }
            case Expression.Literal _, Expression.Negation _, Expression.Arithmetic _ -> {
                number(value);
                code.lconst_0().lcmp().branch(when ? Opcode.IFNE : Opcode.IFEQ, target);
            }
        }
    }

    /** {@code &&} or {@code ||}: the left decides when it is true, or when it is not; otherwise the right does. */
    private void shortcut(Expression left, Expression right, boolean decides, boolean when, Label target) {
        if (when == decides) {
            branch(left, when, target);
            branch(right, when, target);
        } else {
            Label end = code.newLabel();
            branch(left, decides, end);
            branch(right, when, target);
            code.labelBinding(end);
        }
    }

    private static Opcode jump(Operator comparison, boolean when) {
        return switch (comparison) {
            case EQUAL -> when ? Opcode.IFEQ : Opcode.IFNE;
            case NOT_EQUAL -> when ? Opcode.IFNE : Opcode.IFEQ;
            case LESS -> when ? Opcode.IFLT : Opcode.IFGE;
            case LESS_OR_EQUAL -> when ? Opcode.IFLE : Opcode.IFGT;
            case GREATER -> when ? Opcode.IFGT : Opcode.IFLE;
            case GREATER_OR_EQUAL -> when ? Opcode.IFGE : Opcode.IFLT;
            default -> throw new IllegalArgumentException(comparison + " compares nothing");
        };
    }

    /** Puts a value on the stack, as a long. */
    private void number(Expression value) {
        switch (value) {
            case Expression.Literal literal -> code.loadConstant(literal.value());
            case Expression.Ask ask -> {
                ask(ask.word());
                code.i2l();
            }
            case Expression.Negation negation -> {
                number(negation.operand());
                code.lneg();
            }
            case Expression.Arithmetic arithmetic -> {
                number(arithmetic.left());
                number(arithmetic.right());
                switch (arithmetic.operator()) {
                    case ADD -> code.ladd();
                    case SUBTRACT -> code.lsub();
                    case MULTIPLY -> code.lmul();
                    default -> throw new IllegalArgumentException(arithmetic.operator() + " computes nothing");
                }
            }
            case Expression.Choice choice -> {
                Label no = code.newLabel();
                Label end = code.newLabel();
                branch(choice.condition(), false, no);
                number(choice.yes());
                code.goto_(end).labelBinding(no);
                number(choice.no());
                code.labelBinding(end);
            }
            case Expression.Not _, Expression.Both _, Expression.Either _, Expression.Comparison _ -> {
                Label no = code.newLabel();
                Label end = code.newLabel();
                branch(value, false, no);
                code.lconst_1().goto_(end).labelBinding(no).lconst_0().labelBinding(end);
            }
        }
    }

    /** Puts what a word is on the stack, as an int. */
    private void ask(Word word) {
        code.aload(KERNEL).iload(word.of() == Word.Of.FOLIO ? FOLIO : PAGE);
        ClassDesc owner = describe(word.owner());
        ClassDesc result = describe(word.result());
        if (word.owner() == KernelOps.class) {
            code.invokeinterface(owner, word.method(), MethodTypeDesc.of(result, ConstantDescs.CD_int));
        } else {
            code.invokestatic(
                    owner, word.method(), MethodTypeDesc.of(result, describe(KernelOps.class), ConstantDescs.CD_int));
        }
    }
}
