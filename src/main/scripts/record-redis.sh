#!/bin/sh
# Records the page trace that the workloads REDIS and SNAPSHOT replay: redis-server under valgrind's lackey, loaded with
# redis-benchmark. Writes redis.trace.gz and redis.facts.txt, both or neither. What the reduction keeps and loses stands
# in package org.cowbench.workload. Takes about a quarter of an hour; two recordings differ, as redis-benchmark seeds
# its keys by the clock.
#
# usage: src/main/scripts/record-redis.sh [DIRECTORY]     (default: where the shipped trace lies)
# Environment: KEYS, REQUESTS, WINDOW override the sizes below, JAVA names the java command.
# Exit status: 0 recorded; 1 the recording failed; 2 usage; 3 a tool is missing.
set -eu
export LC_ALL=C

KEYS=${KEYS:-16000}          # keys, all set before the recording starts
REQUESTS=${REQUESTS:-100000} # GETs in the recording; SETs come on top
WINDOW=${WINDOW:-128}        # see TraceEncoder
VALUE=2048                   # bytes a value
PIPELINE=16                  # requests a client sends at once
GETTERS=12                   # clients that GET and clients that SET: makes about ten GETs a SET,
SETTERS=2                    # memtier_benchmark's default ratio

fail() {
    status=$1
    shift
    echo "record-redis: $*" >&2
    exit "$status"
}

# The last thing a log says; redis-benchmark overwrites its line.
last() {
    message=$(tr '\r' '\n' < "$1" | tail -n 1 | sed 's/.*\(Error\)/\1/')
    echo "${message:-it left no message}"
}

root=$(cd "$(dirname "$0")/../../.." && pwd)
classes=$root/target/classes
case $# in
    0) out=$root/src/main/resources/org/cowbench/workload ;;
    1) out=$1 ;;
    *) fail 2 "usage: $0 [DIRECTORY]" ;;
esac
if [ ! -d "$out" ] || [ ! -w "$out" ]; then
    fail 2 "$out is not a directory to write to"
fi
out=$(cd "$out" && pwd)
for size in "$KEYS" "$REQUESTS" "$WINDOW"; do
    case $size in
        '' | *[!0-9]* | 0*) fail 2 "KEYS, REQUESTS and WINDOW are positive numbers, not '$size'" ;;
    esac
done

need() {
    command -v "$1" > /dev/null || fail 3 "needs $1: $2"
}
need redis-server "apt install redis-server"
need redis-benchmark "apt install redis-tools"
need redis-cli "apt install redis-tools"
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

# Every command runs in the temporary directory, so that the facts hold no path.
work=$(mktemp -d)
server='' setters='' getters='' loader='' reader=''
cleanup() {
    trap - EXIT INT TERM HUP PIPE
    # KILL: none of them has anything to save, and redis takes its time to shut down under valgrind.
    for pid in $loader $setters $getters $server $reader; do
        kill -KILL "$pid" 2> /dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
trap : PIPE # so that mark can say what happened
cd "$work"

server_command="valgrind --tool=lackey --trace-mem=yes --basic-counts=no --vgdb=no --log-fd=9 \
redis-server --port 0 --unixsocket redis.sock --save '' --appendonly no --hz 1 --dynamic-hz no"
set_command="redis-benchmark -s redis.sock -t set -d $VALUE -r $KEYS -P $PIPELINE -c $SETTERS -l -q"
get_command="redis-benchmark -s redis.sock -t get -d $VALUE -r $KEYS -P $PIPELINE -c $GETTERS -n $REQUESTS -q"
client="redis-cli -s redis.sock"

echo "record-redis: starting redis-server under valgrind" >&2
mkfifo lackey
# With exec, $! is the program itself and not a shell around it.
exec "$java" -cp "$classes" "$encoder" trace.gz "$WINDOW" < lackey > encoder.facts 2> encoder.log &
reader=$!
exec 9> lackey
mark() {
    echo "cowbench $*" 2> /dev/null >&9 || fail 1 "the encoder died: $(last encoder.log)"
}
eval "exec $server_command" > server.log 2>&1 &
server=$!
# The remaining programs must not hold the pipe open.
tries=0
until $client ping > /dev/null 2>&1 9>&-; do
    kill -0 "$server" 2> /dev/null || fail 1 "redis-server died: $(last server.log)"
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || fail 1 "redis-server does not answer after 60 s: $(last server.log)"
    sleep 0.2
done

echo "record-redis: loading $KEYS keys" >&2
# Long commands run in the background, so that a signal ends the wait for them at once.
awk -v keys="$KEYS" -v size="$VALUE" 'BEGIN {
    value = sprintf("%" size "s", ""); gsub(/ /, "x", value)
    for (i = 0; i < keys; i++)
        printf "*3\r\n$3\r\nSET\r\n$16\r\nkey:%012d\r\n$%d\r\n%s\r\n", i, size, value
}' 9>&- | $client --pipe > load.log 2>&1 9>&- &
loader=$!
wait "$loader" || fail 1 "loading failed: $(last load.log)"
loader=''
[ "$($client dbsize 9>&-)" = "$KEYS" ] || fail 1 "loading failed: $(last load.log)"
$client config resetstat > /dev/null 9>&-

echo "record-redis: recording $REQUESTS GETs, and SETs beside them" >&2
# What a process cannot write is code, constants and files: none of it anonymous memory.
# One write a line: lackey's own lines may come between.
while read -r range access _; do
    case $access in
        *w*) ;;
        *) mark drop "$range" ;;
    esac
done < "/proc/$server/maps"
mark steady
exec $set_command > set.log 2>&1 9>&- &
setters=$!
exec $get_command > get.log 2>&1 9>&- &
getters=$!
wait "$getters" || fail 1 "redis-benchmark failed: $(last get.log)"
getters=''
mark stop
kill "$setters" || fail 1 "redis-benchmark failed: $(last set.log)"
wait "$setters" 2> /dev/null || true
setters=''
calls() {
    $client info commandstats 9>&- | sed -n "s/^cmdstat_$1:calls=\([0-9]*\),.*/\1/p"
}
gets=$(calls get)
sets=$(calls set)
memory=$($client info memory 9>&- | tr -d '\r' | sed -n 's/^used_memory://p')
$client shutdown nosave > /dev/null 2>&1 9>&- || true
exec 9>&-
wait "$server" || fail 1 "redis-server ended badly: $(last server.log)"
server=''
wait "$reader" || fail 1 "$(last encoder.log)"
reader=''

{
    echo "program: $(redis-server --version)"
    echo "recorder: $(valgrind --version) lackey"
    echo "kernel: $(uname -srm)"
    echo "cpu: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    echo "date: $(date -u +%Y-%m-%d)"
    echo "server command: $server_command"
    echo "load, not recorded: $KEYS keys key:000000000000 and on, set once each in order, values of $VALUE bytes"
    echo "recorded, getting: $get_command"
    echo "recorded, setting: $set_command"
    echo "requests: $gets GET, $sets SET"
    echo "memory used by redis: $memory bytes"
    echo "page size: 4096 bytes"
    cat encoder.facts
    echo "collapse rule: an access is left out when one of the last $WINDOW kept ones is of the same page, and a" \
        "write if it is a write"
    echo "sha256: $(sha256sum trace.gz | cut -d ' ' -f 1)"
} > facts.txt
# Renamed within the target directory, so that neither is ever seen half-written.
cp trace.gz "$out/.redis.trace.gz.partial"
cp facts.txt "$out/.redis.facts.txt.partial"
mv "$out/.redis.trace.gz.partial" "$out/redis.trace.gz"
mv "$out/.redis.facts.txt.partial" "$out/redis.facts.txt"
echo "record-redis: wrote $out/redis.trace.gz ($(wc -c < "$out/redis.trace.gz") bytes) and redis.facts.txt" >&2
