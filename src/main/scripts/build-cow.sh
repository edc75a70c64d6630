#!/bin/sh
# Builds the kernel's own selftest of copy-on-write, tools/testing/selftests/mm/cow.c, from Debian's source, as one static
# program that 'kernel cow' runs in guests.
#
#   build-cow.sh [--series 6.12|7.2|7.3] FOLDER
#
# FOLDER gets apt's files, the parts of the source that are compiled, and in the end the program cow, whose name is
# printed. It is made when absent, and nothing in it is fetched again. Default: 7.2. Linux has the test since v6.2, so
# neither 5.10 nor 6.1 has a source; what a newer series has made runs there too, and skips what those kernels lack.
#
#   src/main/scripts/build-cow.sh ~/cow
#   ./run-bench.sh kernel cow --cached 5.10,6.1,6.12,7.2 --cow ~/cow/cow
#
# Compiled with the source's own kernel headers (linux-libc-dev) and a static liburing, both of the same suite, which need
# not be installed. A series of another suite is SERIES@SUITE. A package linux-source-SERIES_*.deb that lies in FOLDER is
# not fetched. Needs gcc and libc6-dev; it takes a minute, most of which unpacks the source.
#
# Exit status: 0 built; 1 it does not compile; 2 usage; 3 something is lacking.
set -eu
export LC_ALL=C

program=build-cow
. "$(dirname "$0")/apt-private.sh"

say() { printf 'build-cow: %s\n' "$*" >&2; }

series=7.2
folder=
while [ $# -gt 0 ]; do
    case $1 in
        --series)
            [ $# -ge 2 ] || die 2 "$1 needs a value (--help tells more)"
            series=$2
            shift
            ;;
        -h | --help)
            sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
            exit 0
            ;;
        -*) die 2 "unknown option '$1' (--help tells more)" ;;
        *)
            [ -z "$folder" ] || die 2 "one folder, not also '$1'"
            folder=$1
            ;;
    esac
    shift
done
[ -n "$folder" ] || die 2 "no folder given (--help tells more)"
split_series
for tool in gcc xz dpkg-deb; do
    command -v "$tool" > /dev/null 2>&1 || die 3 "$tool is missing: apt-get install gcc libc6-dev xz-utils dpkg"
done
mkdir -p "$folder" 2> /dev/null && [ -w "$folder" ] || die 3 "cannot write to $folder"
folder=$(cd "$folder" && pwd)
name=linux-source-$series
tree=$folder/$name
log=$folder/$name.log
scratch=$folder/scratch
rm -rf "$scratch"
mkdir "$scratch"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Fetches the newest package NAME of the suite, unless one lies in the folder; its file is then in $package.
known=no
fetch() { # NAME
    package=$(find "$folder" -maxdepth 1 -name "$1_*.deb" | sort -V | tail -n 1)
    [ -z "$package" ] || return 0
    if [ "$known" = no ]; then
        apt_begin "$folder/apt" "$suite"
        known=yes
    fi
    version=$(apt_private apt-cache madison "$1" | awk -F '|' '{ gsub(/ /, "", $2); print $2 }' | sort -V | tail -n 1)
    [ -n "$version" ] || die 3 "$suite has no $1 on this mirror; --series SERIES@SUITE names another suite"
    say "fetching $1 $version from $suite"
    (cd "$scratch" && apt_private apt-get download "$1=$version") > "$log" 2>&1 ||
        die 3 "download of $1 $version failed: $(grep '^E:' "$log" | head -n 1)"
    mv "$scratch/$1_"*.deb "$folder"
    package=$(find "$folder" -maxdepth 1 -name "$1_*.deb")
}

tests=tools/testing/selftests
if [ ! -d "$tree" ]; then
    fetch "$name"
    say "unpacking ${package##*/}"
    # tar fails where one of these is not in the source, which is said below.
    dpkg-deb --fsys-tarfile "$package" | tar -xO "./usr/src/$name.tar.xz" |
        tar -xJ -C "$scratch" "$name/$tests/mm" "$name/$tests/kselftest.h" "$name/mm/gup_test.h" > "$log" 2>&1 || :
    [ -f "$scratch/$name/$tests/mm/cow.c" ] ||
        die 3 "$name has no $tests/mm/cow.c, which is in v6.2 and newer: take --series 6.12 or 7.2"
    mv "$scratch/$name" "$tree"
fi
headers=$folder/headers-$series
if [ ! -d "$headers" ]; then
    mkdir "$scratch/headers"
    for part in linux-libc-dev liburing-dev; do
        # Of each suite its own: one that another series left here may be too old.
        rm -f "$folder/${part}_"*.deb
        fetch "$part"
        dpkg-deb -x "$package" "$scratch/headers" || die 3 "$package cannot be unpacked (above): remove it"
        rm -f "$package"
    done
    mv "$scratch/headers" "$headers"
fi

# What the selftests' own makefile finds out by trying: whether there is a liburing.
printf '#define LOCAL_CONFIG_HAVE_LIBURING 1\n' > "$scratch/local_config.h"
set -- "$tree/$tests/mm/cow.c"
for part in vm_util thp_settings hugepage_settings; do
    [ ! -f "$tree/$tests/mm/$part.c" ] || set -- "$@" "$tree/$tests/mm/$part.c"
done
say "compiling $name"
gcc -O2 -static -I"$scratch" -I"$tree/$tests" -isystem "$headers/usr/include" \
    -isystem "$headers/usr/include/x86_64-linux-gnu" -o "$folder/cow.new" "$@" \
    "$headers/usr/lib/x86_64-linux-gnu/liburing.a" -lpthread > "$log" 2>&1 ||
    die 1 "the build failed: $(grep -m 1 -E 'error|undefined reference' "$log" || tail -n 1 "$log") (all of it in $log)"
mv "$folder/cow.new" "$folder/cow"
printf '%s\n' "$folder/cow"
