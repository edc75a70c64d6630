package org.cowbench.check;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Moves as numbers: a {@link Move}, who makes it, and the page or reference that it names, or the pages. */
final class Moves {
    /** Every move is below two to the power of this. */
    static final int BITS = 11;

    private static final Move[] KINDS = Move.values();

    private Moves() {}

    private static int code(Move move, int process, int page, int reference) {
        return move.ordinal() << 6 | process << 4 | page << 2 | reference;
    }

    static Move kind(int code) {
        return KINDS[code >> 6];
    }

    static int process(int code) {
        return code >> 4 & 3;
    }

    static int page(int code) {
        return code >> 2 & 3;
    }

    static int reference(int code) {
        return code & 3;
    }

    /** The last of the pages of a move that names pages: such a move names no reference by number. */
    static int last(int code) {
        return page(code) + (code & 3);
    }

    /** Every move of a scope in their fixed order, the adversary's last. */
    static int[] of(Scope scope) {
        return Arrays.stream(KINDS)
                .filter(scope.moves()::contains)
                .filter(move -> move.isOf(scope))
                .flatMapToInt(move -> instances(move, scope))
                .toArray();
    }

    private static IntStream instances(Move move, Scope scope) {
        return switch (move) {
            case DRAIN, MIGRATE, STALL, FILL -> IntStream.of(code(move, 0, 0, 0));
            case FORK, EXIT, SPLIT, COLLAPSE ->
                IntStream.range(0, scope.processes()).map(process -> code(move, process, 0, 0));
            case DMA, PEEK, UNPIN ->
                IntStream.range(0, scope.references()).map(reference -> code(move, 0, 0, reference));
            default ->
                scope.folio() > 0
                        ? IntStream.range(0, scope.processes()).flatMap(process -> ranges(move)
                                .map(range -> code(move, process, range >> 4, (range & 15) - (range >> 4))))
                        : IntStream.range(0, scope.processes() * scope.pages())
                                .map(cell -> code(move, cell / scope.pages(), cell % scope.pages(), 0));
        };
    }

    /** The ranges of a folio that a move names, first page and last: the package's note says why these. */
    private static IntStream ranges(Move move) {
        return switch (move) {
            case PAGEOUT -> IntStream.of(0x03, 0x23);
            case DISCARD -> IntStream.of(0x03, 0x00, 0x13);
            case PROTECT -> IntStream.of(0x03);
            case KEEP, SHARE -> IntStream.of(0x00);
            case PIN, PINRO -> IntStream.of(0x33);
            default -> IntStream.of(0x00, 0x33);
        };
    }
}
