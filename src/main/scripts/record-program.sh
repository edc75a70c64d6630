#!/bin/sh
# Records the page trace of a program under valgrind's lackey:
#   jvm       a JVM whose heap is full of a table that changes for ever (GarbageHeap.java), from when it is full
#   compiler  cc1 of gcc, translating the first parts of the probe with optimisation, from its start to its end
#   NAME      a program of yours; it is to end by itself, and is slower than in life by two orders of magnitude
# Writes NAME.trace.gz and NAME.facts.txt, both or neither. What the reduction keeps and loses stands in package
# org.cowbench.workload. Takes some minutes.
#
# usage: src/main/scripts/record-program.sh jvm|compiler [DIRECTORY]   (default: where the shipped traces lie)
#        src/main/scripts/record-program.sh NAME DIRECTORY COMMAND [ARGUMENT...]
# Environment: WINDOW overrides the encoder's (128); ENTRIES, REPLACEMENTS and HEAP (MiB) those of the JVM; PARTS how many
# files of the probe are compiled; JAVA names the java command. Of a COMMAND, FROM and TO are the beginnings of the lines of
# its standard output between which is recorded. Without FROM it is from when its libraries are mapped, without TO to its
# end.
# Exit status: 0 recorded; 1 the recording failed; 2 usage; 3 a tool is missing.
set -eu
export LC_ALL=C

WINDOW=${WINDOW:-128}
ENTRIES=${ENTRIES:-8000}
REPLACEMENTS=${REPLACEMENTS:-16000}
HEAP=${HEAP:-24}
PARTS=${PARTS:-5}

fail() {
    status=$1
    shift
    echo "record-program: $*" >&2
    exit "$status"
}

usage() {
    fail 2 "usage: $0 jvm|compiler [DIRECTORY], or $0 NAME DIRECTORY COMMAND [ARGUMENT...]"
}

last() {
    message=$(tail -n 1 "$1")
    echo "${message:-it left no message}"
}

start=$PWD
root=$(cd "$(dirname "$0")/../../.." && pwd)
classes=$root/target/classes
name=${1:-}
out=${2:-$root/src/main/resources/org/cowbench/workload}
case $name in
    jvm | compiler) [ $# -le 2 ] || usage ;;
    '' | *[!a-z0-9-]* | -*) usage ;;
    *) [ $# -ge 3 ] || usage ;;
esac
[ $# -lt 2 ] || shift
shift
if [ ! -d "$out" ] || [ ! -w "$out" ]; then
    fail 2 "$out is not a directory to write to"
fi
out=$(cd "$out" && pwd)
for size in "$WINDOW" "$ENTRIES" "$REPLACEMENTS" "$HEAP" "$PARTS"; do
    case $size in
        '' | *[!0-9]* | 0*) fail 2 "WINDOW, ENTRIES, REPLACEMENTS, HEAP and PARTS are positive numbers, not '$size'" ;;
    esac
done

need() {
    command -v "$1" > /dev/null || fail 3 "needs $1: $2"
}
need valgrind "apt install valgrind"
need sha256sum "apt install coreutils"
java=${JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}
need "$java" "install a JDK 25 and set JAVA_HOME"
[ -e "$classes/org/cowbench/workload/TraceEncoder.class" ] || fail 3 "needs the classes: run mvn compile"
encoder="org.cowbench.workload.TraceEncoder"
# No argument is a usage error, status 2; anything else means that this java cannot load the class.
encoder_status=0
"$java" -cp "$classes" "$encoder" > /dev/null 2>&1 || encoder_status=$?
[ "$encoder_status" = 2 ] || fail 3 "$java does not run the classes: install a JDK 25 and set JAVA_HOME"

work=$(mktemp -d)
program='' reader=''
cleanup() {
    trap - EXIT INT TERM HUP PIPE
    for pid in $program $reader; do
        kill -KILL "$pid" 2> /dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
trap : PIPE # so that mark can say what happened
cd "$work"

from=${FROM:-} to=${TO:-}
size='' # facts of its own
options="--tool=lackey --trace-mem=yes --basic-counts=no --vgdb=no --log-fd=9"
case $name in
    compiler)
        need gcc "apt install gcc"
        cc1=$(gcc -print-prog-name=cc1)
        command -v "$cc1" > /dev/null || fail 3 "gcc has no cc1: apt install gcc"
        about="cc1 of $(gcc --version | head -n 1)"
        # The headers are of this machine; without them the file is the same wherever it is translated.
        native=$root/src/main/native
        grep '^#include "' "$native/probe.c" | head -n "$PARTS" > parts.c
        gcc -E -P -I "$native" parts.c -o source.i || fail 1 "the source cannot be preprocessed"
        ln -s "$cc1" cc1
        set -- ./cc1 -quiet -fpreprocessed -fkeep-static-functions source.i -O2 -o source.s
        start=$work
        from='' to=''
        size="source: the first $PARTS files of the probe, preprocessed, $(wc -l < source.i) lines, $(wc -c < source.i) bytes"
        ;;
    jvm)
        # What a JVM says it lives in, as java may be a script that valgrind would look at.
        home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
        [ -x "$home/bin/javac" ] || fail 3 "needs javac: install a JDK 25 and set JAVA_HOME"
        about=$("$home/bin/java" -Xint -version 2>&1 | grep 'VM (')
        "$home/bin/javac" -d . "$root/src/main/scripts/GarbageHeap.java" || fail 1 "GarbageHeap cannot be compiled"
        # The interpreter is code that is written while the program runs, though never again afterwards.
        options="$options --smc-check=all-non-file"
        set -- "$home/bin/java" -Xint -XX:+UseSerialGC "-Xms${HEAP}m" "-Xmx${HEAP}m" -XX:-UsePerfData -cp . GarbageHeap "$ENTRIES" \
            "$REPLACEMENTS"
        start=$work
        from=steady to='done'
        size="heap: $HEAP MiB; a table of $ENTRIES entries of 128 to 2040 bytes, of which $REPLACEMENTS are replaced"
        ;;
    *)
        need "$1" "it is the program to record"
        about=$1
        ;;
esac

echo "record-program: starting $name under valgrind" >&2
mkfifo lackey
: > program.out # before it is looked at
# With exec, $! is the program itself and not a shell around it.
exec "$java" -cp "$classes" "$encoder" trace.gz "$WINDOW" < lackey > encoder.facts 2> encoder.log &
reader=$!
exec 9> lackey
mark() {
    echo "cowbench $*" 2> /dev/null >&9 || fail 1 "the encoder died: $(last encoder.log)"
}
# shellcheck disable=SC2086 # options are words
(cd "$start" && exec valgrind $options "$@") > program.out 2> program.log &
program=$!

# Waits until the program has printed a line that begins so.
printed() {
    until awk -v begin="$1" 'index($0, begin) == 1 { found = 1 } END { exit !found }' program.out; do
        kill -0 "$program" 2> /dev/null || fail 1 "$name ended and never printed '$1': $(last program.log)"
        sleep 0.1
    done
}
if [ -n "$from" ]; then
    printed "$from"
else
    # What the shell and valgrind's launcher have mapped, which the process was before, is none of the program's.
    until awk '/lackey-/ { tool = 1 } /libc[.-]/ { libc = 1 } END { exit !(tool && libc) }' "/proc/$program/maps" \
        2> /dev/null; do
        kill -0 "$program" 2> /dev/null || fail 1 "$name died: $(last program.log)"
        sleep 0.05
    done
fi
echo "record-program: recording" >&2
# What a process cannot write is code, constants and files: none of it anonymous memory. What is only reserved may be
# written later. One write a line: lackey's own lines may come between.
cat "/proc/$program/maps" > maps
while read -r range access _; do
    case $access in
        *w* | ---*) ;;
        *) mark drop "$range" ;;
    esac
done < maps
mark steady
if [ -n "$to" ]; then
    printed "$to"
    mark stop
fi
wait "$program" || fail 1 "$name ended badly: $(last program.log)"
program=''
[ -n "$to" ] || mark stop
exec 9>&-
wait "$reader" || fail 1 "$(last encoder.log)"
reader=''

{
    echo "program: $about"
    echo "recorder: $(valgrind --version) lackey"
    echo "kernel: $(uname -srm)"
    echo "cpu: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    echo "date: $(date -u +%Y-%m-%d)"
    echo "command: valgrind $options ${1##*/}$(shift && printf ' %s' "$@")"
    echo "recorded: from ${from:+the line }${from:-when its libraries were mapped} to ${to:+the line }${to:-its end}"
    [ -z "$size" ] || echo "$size"
    echo "page size: 4096 bytes"
    cat encoder.facts
    echo "collapse rule: an access is left out when one of the last $WINDOW kept ones is of the same page, and a" \
        "write if it is a write"
    echo "sha256: $(sha256sum trace.gz | cut -d ' ' -f 1)"
} > facts.txt
# Renamed within the target directory, so that neither is ever seen half-written.
cp trace.gz "$out/.$name.trace.gz.partial"
cp facts.txt "$out/.$name.facts.txt.partial"
mv "$out/.$name.trace.gz.partial" "$out/$name.trace.gz"
mv "$out/.$name.facts.txt.partial" "$out/$name.facts.txt"
echo "record-program: wrote $out/$name.trace.gz ($(wc -c < "$out/$name.trace.gz") bytes) and $name.facts.txt" >&2
