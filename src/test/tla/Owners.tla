------------------------------- MODULE Owners -------------------------------
(***************************************************************************)
(* One large anonymous folio and who owns it: the two slots and the shared *)
(* bit of Linux v6.15 (CONFIG_MM_ID), the large mapcount, and the write    *)
(* fault that believes them.  Written from the rules, not from the Java    *)
(* code, to be compared with the model machine: for the same constants     *)
(* both must find the same number of states and transitions.               *)
(* The scope: fork, of all or of a part (MADV_DONTFORK); unmapping of a    *)
(* part; exit; split of a PMD mapping; write faults; references (GUP).     *)
(* No page matters more than another to any rule, so that pages have no    *)
(* names: a process maps so many of them, of which so many are marked      *)
(* exclusive.  An MM's id goes to the next process once it maps nothing.   *)
(* With Remap a process may also map more pages of the folio, as when it   *)
(* swaps them in; what a swap entry could still see is not in this model.  *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

CONSTANTS N,      \* pages of the folio
          M,      \* most processes that live at once
          R,      \* most references at once
          Huge,   \* it begins mapped by a PMD, not by PTEs
          Remap,
          Rule    \* "kernel", or what a patch might get wrong: one of Wrong

Wrong == {"count is N",         \* a slot owns all if it counts N, instead of as many as are mapped
          "no shared bit",      \* the fault asks for lmap = ref alone
          "reference ignored",  \* the fault asks for the shared bit alone
          "slot outlives",      \* exit leaves its slot behind, and who gets the id gets the slot
          "first slot alone"}   \* who takes the first slot does not look who else maps

ASSUME Rule \in {"kernel"} \cup Wrong

VARIABLES book,  \* what the kernel keeps of the folio: large mapcount, slots, shared bit
          maps,  \* what each process maps: by PMD or so many pages by PTEs; the marked ones of these
          refs   \* references that are not a mapping's

vars == <<book, maps, refs>>

Mms == 1..M
Nobody == 0
FreeSlot == [mm |-> Nobody, count |-> 0]
None == [pmd |-> FALSE, ptes |-> 0, marked |-> 0]

-----------------------------------------------------------------------------
(* Bookkeeping: folio_add_return_large_mapcount, folio_sub_return_large_mapcount *)

SlotOf(b, m) == IF b.slot[1].mm = m THEN 1 ELSE IF b.slot[2].mm = m THEN 2 ELSE 0

\* m maps it d times more; a mapping by PMD counts once.
Add(b, m, d) ==
    LET t == [b EXCEPT !.lmap = @ + d]
        own == SlotOf(b, m)
        taken == [mm |-> m, count |-> d]
    IN CASE own # 0 -> [t EXCEPT !.slot[own].count = @ + d]
         [] own = 0 /\ b.slot[1].mm = Nobody ->
              \* Others may map it although their slots have gone, or although they never had one.
              [t EXCEPT !.slot[1] = taken, !.shared = @ \/ (t.lmap # d /\ Rule # "first slot alone")]
         [] own = 0 /\ b.slot[1].mm # Nobody /\ b.slot[2].mm = Nobody ->
              [t EXCEPT !.slot[2] = taken, !.shared = TRUE]
         [] OTHER -> t  \* a third one: not tracked, and shared already

\* Does a slot account for all that is mapped?
OwnsAll(b) == \E i \in 1..2 : b.slot[i].count = IF Rule = "count is N" THEN N ELSE b.lmap

Judged(b) == [b EXCEPT !.shared = @ /\ ~OwnsAll(b)]

Remove(b, m, d) ==
    LET t == [b EXCEPT !.lmap = @ - d]
        own == SlotOf(b, m)
    IN IF own = 0 THEN Judged(t)
       ELSE IF b.slot[own].count > d THEN [t EXCEPT !.slot[own].count = @ - d]
       ELSE Judged([t EXCEPT !.slot[own] = FreeSlot])

MaybeShared(b) == b.lmap > 1 /\ b.shared

\* References of the folio: one a mapping, and those of others.
Ref(b) == b.lmap + refs

\* do_wp_page of a page that is not marked exclusive.
Reusable(b) ==
    /\ b.lmap > 1
    /\ ~b.shared \/ Rule = "no shared bit"
    /\ b.lmap = Ref(b) \/ Rule = "reference ignored"

-----------------------------------------------------------------------------
(* Operations *)

Mappings(m) == IF maps[m].pmd THEN 1 ELSE maps[m].ptes
Pages(m) == IF maps[m].pmd THEN N ELSE maps[m].ptes
Mappers == {m \in Mms : Mappings(m) > 0}

Less(x, d, k) == [x EXCEPT !.ptes = @ - d, !.marked = @ - k]

\* d pages mapped by PTEs, of which k are marked.
Part(m, d, k) == ~maps[m].pmd /\ k <= d /\ k <= maps[m].marked /\ d - k <= maps[m].ptes - maps[m].marked

\* Of what a PMD maps all: to leave out a part would split it first.
All(m, d, k) == maps[m].pmd /\ d = N /\ k = maps[m].marked

\* The next process gets the first id that maps nothing.
NextId(m) == Mappings(m) = 0 /\ \A n \in 1..(m - 1) : Mappings(n) > 0

Fork(m, c, d, k) ==
    /\ NextId(c) /\ (Part(m, d, k) \/ All(m, d, k))
    /\ maps' = [maps EXCEPT ![m].marked = @ - k,
                            ![c] = [pmd |-> maps[m].pmd, ptes |-> IF maps[m].pmd THEN 0 ELSE d, marked |-> 0]]
    /\ book' = Add(book, c, IF maps[m].pmd THEN 1 ELSE d)
    /\ UNCHANGED refs

UnmapPart(m, d, k) ==
    /\ Part(m, d, k)
    /\ maps' = [maps EXCEPT ![m] = Less(@, d, k)]
    /\ book' = Remove(book, m, d)
    /\ UNCHANGED refs

Exit(m) ==
    /\ Mappings(m) > 0
    /\ maps' = [maps EXCEPT ![m] = None]
    /\ book' = IF Rule = "slot outlives" THEN Judged([book EXCEPT !.lmap = @ - Mappings(m)])
               ELSE Remove(book, m, Mappings(m))
    /\ UNCHANGED refs

InPtes(x) == [x EXCEPT !.pmd = FALSE, !.ptes = N]
SplitBook(b, m) == Remove(Add(b, m, N), m, 1)

Split(m) ==
    /\ maps[m].pmd
    /\ maps' = [maps EXCEPT ![m] = InPtes(@)]
    /\ book' = SplitBook(book, m)
    /\ UNCHANGED refs

\* A write to a page that is not marked.  The PMD's own rule needs no owner: the only reference is its mapping's.
ReuseHuge(m) ==
    /\ maps[m].pmd /\ maps[m].marked = 0 /\ Ref(book) = 1
    /\ maps' = [maps EXCEPT ![m].marked = N]
    /\ UNCHANGED <<book, refs>>

\* Failing that it is split.
ByPtes(m) == IF maps[m].pmd THEN InPtes(maps[m]) ELSE maps[m]
BookByPtes(m) == IF maps[m].pmd THEN SplitBook(book, m) ELSE book
WriteFault(m) == maps[m].marked < Pages(m) /\ ~(maps[m].pmd /\ Ref(book) = 1)

Reuse(m) ==
    /\ WriteFault(m) /\ Reusable(BookByPtes(m))
    /\ book' = BookByPtes(m)
    /\ maps' = [maps EXCEPT ![m] = [ByPtes(m) EXCEPT !.marked = @ + 1]]
    /\ UNCHANGED refs

Copy(m) ==
    /\ WriteFault(m) /\ ~Reusable(BookByPtes(m))
    /\ book' = Remove(BookByPtes(m), m, 1)
    /\ maps' = [maps EXCEPT ![m] = Less(ByPtes(m), 1, 0)]
    /\ UNCHANGED refs

RECURSIVE Sum(_, _)
Sum(S, f) == IF S = {} THEN 0 ELSE LET x == CHOOSE y \in S : TRUE IN f[x] + Sum(S \ {x}, f)

\* Nobody can swap in a page that is another's alone.
MapAgain(m, d) ==
    /\ Remap /\ Mappers # {} /\ ~maps[m].pmd
    /\ maps[m].ptes + d + Sum(Mms \ {m}, [n \in Mms |-> maps[n].marked]) <= N
    /\ maps' = [maps EXCEPT ![m].ptes = @ + d]
    /\ book' = Add(book, m, d)
    /\ UNCHANGED refs

Get == Mappers # {} /\ refs < R /\ refs' = refs + 1 /\ UNCHANGED <<book, maps>>
Put == refs > 0 /\ refs' = refs - 1 /\ UNCHANGED <<book, maps>>

-----------------------------------------------------------------------------

Init ==
    LET creator == [pmd |-> Huge, ptes |-> IF Huge THEN 0 ELSE N, marked |-> N]
        d == IF Huge THEN 1 ELSE N
    IN /\ maps = [m \in Mms |-> IF m = 1 THEN creator ELSE None]
       /\ book = [lmap |-> d, slot |-> [i \in 1..2 |-> IF i = 1 THEN [mm |-> 1, count |-> d] ELSE FreeSlot],
                  shared |-> FALSE]
       /\ refs = 0

Next ==
    \/ \E m, c \in Mms, d \in 1..N, k \in 0..N : Fork(m, c, d, k)
    \/ \E m \in Mms, d \in 1..N, k \in 0..N : UnmapPart(m, d, k)
    \/ \E m \in Mms : Exit(m)
    \/ \E m \in Mms : Split(m)
    \/ \E m \in Mms : ReuseHuge(m)
    \/ \E m \in Mms : Reuse(m)
    \/ \E m \in Mms : Copy(m)
    \/ \E m \in Mms, d \in 1..N : MapAgain(m, d)
    \/ Get
    \/ Put

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* What holds *)

Consistent ==
    /\ book.lmap = Sum(Mms, [m \in Mms |-> Mappings(m)])
    /\ \A m \in Mms : maps[m].marked <= Pages(m) /\ (maps[m].pmd => maps[m].ptes = 0 /\ maps[m].marked \in {0, N})
    /\ \A i \in 1..2 : IF book.slot[i].mm = Nobody THEN book.slot[i].count = 0
                       ELSE book.slot[i].count \in 1..Mappings(book.slot[i].mm)
    /\ book.slot[1].mm = book.slot[2].mm => book.slot[1].mm = Nobody

\* Not shared is never wrong.
OneOwner == ~book.shared /\ book.lmap > 0 => Cardinality(Mappers) = 1

\* Shared ends as soon as a slot accounts for all: to ask while m keeps mappings that its slot counts is no use.
SharedEnds == book.shared => ~OwnsAll(book)

\* A page that is not marked is only reused where nobody else can see it.
ReuseAlone == \A m \in Mappers : maps[m].marked < Pages(m) /\ Reusable(book) => Mappers = {m} /\ refs = 0

\* Nobody else maps a page that is marked.
MarkedAlone == \A m, n \in Mms : m # n /\ maps[m].marked > 0 => maps[m].marked + Pages(n) <= N

-----------------------------------------------------------------------------
(* What shared may be wrong about *)

FalselyShared == MaybeShared(book) /\ Cardinality(Mappers) = 1

\* Holds of two processes, not of three.
NeverFalselyShared == ~FalselyShared

\* Who is taken for one of several stays so, whatever it unmaps or maps, as long as it maps more than once.
StaysFalselyShared == [][FalselyShared /\ Mappers' = Mappers /\ book'.lmap > 1 => FalselyShared']_vars
=============================================================================
