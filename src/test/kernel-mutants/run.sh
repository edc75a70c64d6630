#!/bin/sh
# Builds kernels with planted bugs and says what 'kernel conform' makes of each, as a row of a table.
#
#   run.sh [--random N] [--seed S] [--shrink N] [--smp N] FOLDER [SERIES/NAME]...
#
# Without names, all that lie beside this script: SERIES/NAME.patch, whose first line says what it plants. FOLDER gets a
# source tree for each series (see build-kernel.sh), the images and the whole of what was said, as SERIES/NAME.txt. No
# policy is named: each kernel is held against that of its series. An image newer than its patch is not built again.
# With --smp 2 scripts run on two virtual CPUs, where a missing TLB flush shows.
#
# Exit status: 0 every mutant was found; 1 some were not; 3 one could not be built or judged.
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
random=300
seed=1
shrink=1
smp=1
folder=
names=
while [ $# -gt 0 ]; do
    case $1 in
        --random) random=$2; shift ;;
        --seed) seed=$2; shift ;;
        --shrink) shrink=$2; shift ;;
        --smp) smp=$2; shift ;;
        -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; exit 0 ;;
        -*) echo "unknown option '$1' (--help tells more)" >&2; exit 2 ;;
        *) if [ -z "$folder" ]; then folder=$1; else names="$names $1"; fi ;;
    esac
    shift
done
[ -n "$folder" ] || { echo "no folder given (--help tells more)" >&2; exit 2; }
if [ -z "$names" ]; then
    names=$(cd "$here" && ls -- */*.patch | sed 's/\.patch$//' | sort -t/ -k1,1V -k2)
fi
status=0
for name in $names; do
    series=${name%%/*}
    patch=$here/$name.patch
    [ -f "$patch" ] || { echo "no such mutant: $name" >&2; exit 2; }
    image=$folder/$name
    said=$image.txt
    mkdir -p "$folder/$series"
    if ! [ "$image" -nt "$patch" ] && ! "$top/src/main/scripts/build-kernel.sh" --series "$series" --patch "$patch" \
            --output "$image" "$folder/$series" > "$image.build" 2>&1; then
        printf '| %s | %s | not built: %s |\n' "$name" "$(head -n 1 "$patch")" "$(tail -n 1 "$image.build")"
        status=3
        continue
    fi
    judged=0
    "$top/run-bench.sh" kernel conform --image "$image" --random "$random" --seed "$seed" --shrink "$shrink" \
        --smp "$smp" --timeout 90 > "$said" 2>&1 || judged=$?
    case $judged in
        0) [ "$status" -gt 1 ] || status=1 ;;
        1) ;;
        *) status=3 ;;
    esac
    # Of the worst: what it is, in what field or words; the script that it was shrunk to; then how many showed what.
    awk -v name="$name" -v plants="$(head -n 1 "$patch")" -v judged="$judged" '
        /^# [^ ]*\.litmus: / && !kind { kind = $0; sub(/^# [^ ]*\.litmus: /, "", kind); sub(/, (seen once|cut short)$/, "", kind); next }
        kind && !what && index($0, kind) && /^#   / {
            what = $0; sub(/^#   [^:]*: /, "", what); sub(/^kernel log: |^crash: [^:]*: |^page not freed: /, "", what)
        }
        /^# [^ ]*\.litmus: / { ended = 1 }
        kind && !ended && /^[A-Z] / { script = script (script ? "; " : "") $0 }
        / random seed [0-9]+: / { total = $0; sub(/.*: steps [0-9]*, /, "", total); first = $NF }
        END {
            if (judged == 0) kind = "**nothing**"
            else if (judged != 1) kind = "not judged, status " judged
            gsub(/\|/, "\\|", what)
            printf "| %s | %s | %s%s | %s | %s | %s |\n", name, plants, kind, what ? ": " what : "", \
                judged == 1 ? first : "-", total, script ? "`" script "`" : ""
        }' "$said"
done
exit "$status"
