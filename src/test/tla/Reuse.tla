------------------------------- MODULE Reuse -------------------------------
(***************************************************************************)
(* One anonymous page shared by up to N processes, under the reuse rule of *)
(* Linux v5.9 or under Matthew Wilcox's of January 2022.  Written from the *)
(* rules, not from the Java code, to be compared with the checker: in the  *)
(* same scope both must find the same number of states and transitions.    *)
(* The scope: write, read, pageout, drain, fork, exit, discard; writeback  *)
(* ends with the operation that began it; swap never fills.                *)
(*                                                                         *)
(* A state is one record, renamed after every step so that frames, slots   *)
(* and values have no identity: a frame or slot is called after the first  *)
(* process that reaches it, a value after the first place that holds it.   *)
(* What no process reaches is forgotten.  Processes keep their names.      *)
(***************************************************************************)
EXTENDS Naturals

CONSTANTS N,      \* most processes that live at once
          Policy  \* "v5.9" or "wilcox"

VARIABLE s

Procs == 1..N
Frames == 1..(N + 2)  \* a fault allocates two at most: swapped in, then copied
Slots == 1..(N + 1)
Nil == 0

Obsolete == 3 * N + 1  \* what the device holds of a page that is newer in memory
Fresh == 3 * N + 2     \* a value nobody holds yet

FreeFrame == [ref |-> 0, map |-> 0, batch |-> 0, lru |-> FALSE, dirty |-> FALSE, slot |-> Nil, val |-> 0]
FreeSlot == [count |-> 0, cached |-> Nil, val |-> 0]
NoPte == [is |-> "none", at |-> Nil, w |-> FALSE, d |-> FALSE]
ZeroPte == [NoPte EXCEPT !.is = "zero"]
PagePte(f, w, d) == [is |-> "page", at |-> f, w |-> w, d |-> d]
SwapPte(k) == [is |-> "swap", at |-> k, w |-> FALSE, d |-> FALSE]

Start == [alive |-> [p \in Procs |-> p = 1], anon |-> [p \in Procs |-> FALSE], pte |-> [p \in Procs |-> NoPte],
          mem |-> [p \in Procs |-> 0], fr |-> [f \in Frames |-> FreeFrame], sl |-> [k \in Slots |-> FreeSlot]]

-----------------------------------------------------------------------------
(* References, LRU batch, swap cache *)

Put(t, f, n) == [t EXCEPT !.fr[f] = IF @.ref = n THEN FreeFrame ELSE [@ EXCEPT !.ref = @ - n]]

\* lru_add_drain: the batch's pages go to the LRU list, its references go.
Drain(t) == [t EXCEPT !.fr = [f \in Frames |->
                IF t.fr[f].batch = 0 THEN t.fr[f]
                ELSE IF t.fr[f].ref = t.fr[f].batch THEN FreeFrame
                ELSE [t.fr[f] EXCEPT !.ref = @ - t.fr[f].batch, !.batch = 0, !.lru = TRUE]]]

Free(t) == CHOOSE f \in Frames : t.fr[f].ref = 0 /\ \A g \in 1..(f - 1) : t.fr[g].ref # 0
FreeSlotOf(t) == CHOOSE k \in Slots : t.sl[k].count = 0 /\ t.sl[k].cached = Nil

RemoveFromSwapCache(t, f) ==
    Put([t EXCEPT !.sl[t.fr[f].slot].cached = Nil, !.fr[f].slot = Nil], f, 1)

DeleteFromSwapCache(t, f) == RemoveFromSwapCache([t EXCEPT !.fr[f].dirty = TRUE], f)

TryToFreeSwap(t, f) ==
    IF t.fr[f].slot # Nil /\ t.sl[t.fr[f].slot].count = 0 THEN DeleteFromSwapCache(t, f) ELSE t

FreeSwapCache(t, f) == IF t.fr[f].map = 0 THEN TryToFreeSwap(t, f) ELSE t

-----------------------------------------------------------------------------
(* Faults *)

\* A new page of one process: references of the mapping and of the batch.
MapNew(t, p, val) ==
    LET f == Free(t)
    IN [t EXCEPT !.fr[f] = [FreeFrame EXCEPT !.ref = 2, !.map = 1, !.batch = 1, !.val = val],
                 !.anon[p] = TRUE, !.pte[p] = PagePte(f, TRUE, TRUE)]

Reusable(fr) ==
    /\ fr.map = 1
    /\ fr.ref = IF Policy = "wilcox" /\ fr.slot # Nil THEN 2 ELSE 1

\* do_wp_page
WriteProtectFault(t, p) ==
    LET f == t.pte[p].at
        copied == [MapNew(t, p, t.fr[f].val) EXCEPT !.fr[f] = [t.fr[f] EXCEPT !.map = @ - 1]]
    IN IF Reusable(t.fr[f]) THEN [t EXCEPT !.pte[p] = PagePte(f, TRUE, TRUE)]
       ELSE IF Policy = "wilcox"
            \* The fault's own reference keeps the old page while its swap cache is freed.
            THEN Put(FreeSwapCache([copied EXCEPT !.fr[f].ref = @ + 1], f), f, 2)
            ELSE Put(copied, f, 1)

\* do_swap_page: reuse_swap_page decides whether a write fault maps writable.
SwapFault(t, p, write) ==
    LET k == t.pte[p].at
        f == IF t.sl[k].cached # Nil THEN t.sl[k].cached ELSE Free(t)
        in == IF t.sl[k].cached # Nil THEN [t EXCEPT !.fr[f].ref = @ + 1]
              ELSE [t EXCEPT !.fr[f] = [FreeFrame EXCEPT !.ref = 3, !.batch = 1, !.slot = k, !.val = t.sl[k].val],
                             !.sl[k].cached = f]
        reuse == write /\ in.fr[f].map + in.sl[k].count = 1
        kept == IF reuse THEN DeleteFromSwapCache(in, f) ELSE in
        mapped == [kept EXCEPT !.fr[f].map = @ + 1, !.sl[k].count = @ - 1, !.pte[p] = PagePte(f, reuse, reuse)]
    IN IF write /\ ~reuse THEN WriteProtectFault(mapped, p) ELSE mapped

-----------------------------------------------------------------------------
(* Operations *)

Write(t, p) ==
    LET pte == t.pte[p]
        u == CASE pte.is = "page" -> IF pte.w THEN t ELSE WriteProtectFault(t, p)
               [] pte.is = "swap" -> SwapFault(t, p, TRUE)
               [] OTHER -> MapNew(t, p, 0)
    IN [u EXCEPT !.fr[u.pte[p].at].val = Fresh, !.pte[p].d = TRUE, !.mem[p] = Fresh]

Read(t, p) ==
    CASE t.pte[p].is = "swap" -> SwapFault(t, p, FALSE)
      [] t.pte[p].is = "none" -> [t EXCEPT !.pte[p] = ZeroPte]
      [] OTHER -> t

\* Reclaim of a page that p alone maps, off the list: unmapped, then written or, if clean, dropped; back by the batch.
Unmap(t, p, f) ==
    LET k == IF t.fr[f].slot # Nil THEN t.fr[f].slot ELSE FreeSlotOf(t)
        dirty == t.fr[f].slot = Nil \/ t.fr[f].dirty \/ t.pte[p].d
        back == [t.fr[f] EXCEPT !.map = 0, !.dirty = FALSE, !.lru = FALSE, !.batch = 1, !.ref = 2, !.slot = k]
    IN IF dirty
       THEN [t EXCEPT !.pte[p] = SwapPte(k), !.fr[f] = back,
                      !.sl[k] = [count |-> @.count + 1, cached |-> f, val |-> t.fr[f].val]]
       ELSE [t EXCEPT !.pte[p] = SwapPte(k), !.fr[f] = [back EXCEPT !.ref = 1, !.slot = Nil],
                      !.sl[k] = [@ EXCEPT !.count = @ + 1, !.cached = Nil]]

PageOut(t, p) ==
    IF t.pte[p].is = "zero" THEN Drain(t)
    ELSE IF t.pte[p].is # "page" THEN t
    ELSE LET u == Drain(t)
             f == t.pte[p].at
         IN IF u.fr[f].map # 1 \/ ~u.fr[f].lru THEN u ELSE Unmap(u, p, f)

\* Unmapping at exit and MADV_DONTNEED.
Zap(t, p) ==
    LET pte == t.pte[p]
        u == [t EXCEPT !.pte[p] = NoPte, !.mem[p] = 0]
    IN CASE pte.is = "page" ->
              Put(FreeSwapCache([u EXCEPT !.fr[pte.at].map = @ - 1], pte.at), pte.at, 1)
         [] pte.is = "swap" ->
              LET v == [u EXCEPT !.sl[pte.at].count = @ - 1]
                  f == v.sl[pte.at].cached
              IN IF f = Nil \/ v.sl[pte.at].count > 0 THEN v ELSE FreeSwapCache(v, f)
         [] OTHER -> u

Discard(t, p) == Zap(Drain(t), p)

Exit(t, p) == [Zap(Drain(t), p) EXCEPT !.alive[p] = FALSE, !.anon[p] = FALSE]

Fork(t, p) ==
    LET c == CHOOSE q \in Procs : ~t.alive[q] /\ \A r \in 1..(q - 1) : t.alive[r]
        pte == t.pte[p]
        born == [t EXCEPT !.alive[c] = TRUE, !.anon[c] = t.anon[p], !.mem[c] = t.mem[p]]
    IN CASE ~t.anon[p] -> born
         [] pte.is = "page" ->
              [born EXCEPT !.pte[p].w = FALSE, !.pte[c] = [pte EXCEPT !.w = FALSE],
                           !.fr[pte.at].ref = @ + 1, !.fr[pte.at].map = @ + 1]
         [] pte.is = "swap" -> [born EXCEPT !.pte[c] = pte, !.sl[pte.at].count = @ + 1]
         [] OTHER -> [born EXCEPT !.pte[c] = pte]

-----------------------------------------------------------------------------
(* Names *)

Least(S) == CHOOSE x \in S : \A y \in S : x <= y

Canonical(t) ==
    LET frameOf(p) == CASE t.pte[p].is = "page" -> t.pte[p].at
                        [] t.pte[p].is = "swap" -> t.sl[t.pte[p].at].cached
                        [] OTHER -> Nil
        slotOf(p) == CASE t.pte[p].is = "page" -> t.fr[t.pte[p].at].slot
                       [] t.pte[p].is = "swap" -> t.pte[p].at
                       [] OTHER -> Nil
        frameNames == [p \in Procs |-> IF frameOf(p) = Nil THEN Nil ELSE Least({q \in Procs : frameOf(q) = frameOf(p)})]
        slotNames == [p \in Procs |-> IF slotOf(p) = Nil THEN Nil ELSE Least({q \in Procs : slotOf(q) = slotOf(p)})]
        value == [i \in 1..(3 * N) |->
                    IF i <= N THEN t.mem[i]
                    ELSE IF i <= 2 * N
                    THEN IF frameNames[i - N] = i - N THEN t.fr[frameOf(i - N)].val ELSE 0
                    ELSE IF slotNames[i - 2 * N] # i - 2 * N THEN 0
                    ELSE IF t.sl[slotOf(i - 2 * N)].cached # Nil /\ t.fr[t.sl[slotOf(i - 2 * N)].cached].dirty
                    THEN Obsolete
                    ELSE t.sl[slotOf(i - 2 * N)].val]
        named == [i \in 1..(3 * N) |-> IF value[i] \in {0, Obsolete} THEN value[i]
                                       ELSE Least({j \in 1..(3 * N) : value[j] = value[i]})]
    IN [alive |-> t.alive,
        anon |-> t.anon,
        pte |-> [p \in Procs |-> CASE t.pte[p].is = "page" -> [t.pte[p] EXCEPT !.at = frameNames[p]]
                                   [] t.pte[p].is = "swap" -> [t.pte[p] EXCEPT !.at = slotNames[p]]
                                   [] OTHER -> t.pte[p]],
        mem |-> [p \in Procs |-> named[p]],
        fr |-> [f \in Frames |-> IF f > N \/ f # frameNames[IF f > N THEN 1 ELSE f] THEN FreeFrame
                                 ELSE [t.fr[frameOf(f)] EXCEPT !.slot = IF @ = Nil THEN Nil ELSE slotNames[f],
                                                               !.val = named[N + f]]],
        sl |-> [k \in Slots |-> IF k > N \/ k # slotNames[IF k > N THEN 1 ELSE k] THEN FreeSlot
                                ELSE [t.sl[slotOf(k)] EXCEPT !.cached = IF @ = Nil THEN Nil ELSE frameNames[k],
                                                             !.val = named[2 * N + k]]]]

-----------------------------------------------------------------------------

Init == s = Start

Living == {p \in Procs : s.alive[p]}

Next ==
    \/ \E p \in Living : \/ s' = Canonical(Write(s, p))
                         \/ s' = Canonical(Read(s, p))
                         \/ s' = Canonical(PageOut(s, p))
                         \/ s' = Canonical(Discard(s, p))
                         \/ Living # Procs /\ s' = Canonical(Fork(s, p))
                         \/ Living # {p} /\ s' = Canonical(Exit(s, p))
    \/ s' = Canonical(Drain(s))

Spec == Init /\ [][Next]_s

\* What a process would read.
Seen(p) ==
    CASE s.pte[p].is = "page" -> s.fr[s.pte[p].at].val
      [] s.pte[p].is = "swap" -> IF s.sl[s.pte[p].at].cached # Nil THEN s.fr[s.sl[s.pte[p].at].cached].val
                                 ELSE s.sl[s.pte[p].at].val
      [] OTHER -> 0

\* No process sees what another wrote.
Isolation == \A p \in Living : Seen(p) = s.mem[p]
=============================================================================
