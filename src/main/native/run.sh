#!/bin/sh
# Runs the scripts of this archive on the kernel of this machine, as root, and prints KTAP version 1: a test a script, and
# between the results all that the probe saw, which 'kernel conform --from FILE' judges elsewhere. Here a script fails if it
# does not end, or sees another value than it says behind '->'.
#
#   ./run.sh >output         needs swap; without any, a file of 256 MiB beside this script is swap meanwhile
#
# Exit status: 0 no script failed, 1 some did, 4 this machine cannot run them (as kselftest has it).
cd "$(dirname "$0")" || exit 4
swap='' cluster='' group='' folios=''

undo() {
    trap '' INT TERM HUP
    # shellcheck disable=SC2086
    set -- $folios
    while [ $# -gt 1 ]; do echo "$2" >"/sys/kernel/mm/transparent_hugepage/$1"; shift 2; done
    [ -z "$cluster" ] || echo "$cluster" >/proc/sys/vm/page-cluster
    [ -z "$swap" ] || swapoff "$swap"
    rm -f swap data
    [ -z "$group" ] || for each in "$group"/*/ "$group"; do [ ! -d "$each" ] || rmdir "$each"; done
}
skip() {
    echo "1..0 # SKIP $1"
    exit 4
}

echo "KTAP version 1"
trap undo EXIT
trap 'exit 1' INT TERM HUP
[ "$(id -u)" = 0 ] || skip "needs root"
[ "$(uname -m)" = x86_64 ] || skip "the probe is for x86_64, this is $(uname -m)"
if [ "$(grep -c . /proc/swaps)" -lt 2 ]; then
    dd if=/dev/zero of=swap bs=1048576 count=256 2>/dev/null && chmod 600 swap && mkswap swap >/dev/null 2>&1 \
        && swapon swap 2>/dev/null && swap=swap
    [ -n "$swap" ] || skip "no swap is active, and a file in $(pwd) cannot be it: activate some (swapon)"
fi
# No readahead: a fault brings in one page.
cluster=$(cat /proc/sys/vm/page-cluster) && echo 0 >/proc/sys/vm/page-cluster || skip "page-cluster cannot be set"
# Only scripts of large folios change these.
if grep -q '^folio ' requests && cd /sys/kernel/mm/transparent_hugepage 2>/dev/null; then
    for file in khugepaged/pages_to_scan khugepaged/scan_sleep_millisecs use_zero_page shrink_underused \
        hugepages-*/enabled enabled; do
        [ ! -f "$file" ] || folios="$folios $file $(sed 's/.*\[\(.*\)\].*/\1/' "$file")"
    done
    cd - >/dev/null || exit 1
fi
set -- cpu "$(sed -n 's/^Cpus_allowed_list:.*[^0-9]\([0-9][0-9]*\)$/\1/p' /proc/self/status)" data data
case " $(cat /sys/fs/cgroup/cgroup.subtree_control 2>/dev/null) " in
*" memory "*) mkdir "/sys/fs/cgroup/cowbench-$$" && group=/sys/fs/cgroup/cowbench-$$ && set -- "$@" cgroup "$group" ;;
esac

echo "1..$(grep -c . names)"
echo "# cowbench-pack 1"
sed 's/^/# cowbench-name /' names
sed 's/^/# cowbench-request /' requests
./probe "$@" <requests | {
    number=0 reason='' wrong='' bad=0
    exec 3<names 4<expected
    IFS=' ' read -r file step want <&4
    while IFS= read -r line; do
        echo "# cowbench-probe $line"
        case $line in
        *'"error":"unavailable: '*) [ -n "$reason" ] || { reason=${line#*'"error":"unavailable: '}; reason=${reason%%'"'*}; } ;;
        *'"error":"unavailable"'*) [ -n "$reason" ] || reason="this kernel has no such operation" ;;
        '{"probe":"fatal"'*) bad=1 ;;
        '{"probe":"end"'*)
            number=$((number + 1))
            IFS= read -r name <&3
            if [ -n "$wrong" ]; then
                bad=1
                echo "not ok $number $name # $wrong"
            else
                echo "ok $number $name${reason:+ # SKIP $reason}"
            fi
            reason='' wrong=''
            ;;
        esac
        case $line in
        "{\"file\":\"$file\",\"step\":$step,"*)
            value=${line#*'"value":'}
            value=${value%%[!0-9]*}
            [ -n "$reason$wrong" ] || [ "$value" = "$want" ] || wrong="step $step sees ${value:-nothing}, not $want"
            IFS=' ' read -r file step want <&4
            ;;
        esac
    done
    while IFS= read -r name <&3; do
        number=$((number + 1)) bad=1
        echo "not ok $number $name # not run to its end"
    done
    exit $bad
}
