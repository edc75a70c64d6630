#!/bin/sh
# Fetches Debian's amd64 cloud kernels into a cache folder, one sub-folder a kernel series.
#
#   fetch-kernels.sh [--list] [SERIES...]      default: 5.10 6.1 6.12 6.18 7.2 7.3
#
# SERIES is the first two numbers of a kernel release. 5.10 comes from bullseye, 6.1 from bookworm, 6.12 from
# trixie, 7.2 from sid and every other one (6.16 to 7.3) from trixie-backports; write SERIES@SUITE for another suite.
#
# The cache is $COWBENCH_KERNELS, else ${XDG_CACHE_HOME:-~/.cache}/cowbench/kernels. The mirror is
# $COWBENCH_DEBIAN_MIRROR, else the Debian mirror of this system's own apt configuration. apt checks signatures and
# checksums; it gets a sources list, state and cache of its own, so that the system's lists are never touched.
# A series already in the cache is not fetched again; --refresh fetches the newest package.
#
# Exit status: 0 every series is in the cache, 1 some series could not be fetched, 2 usage, 3 apt or a mirror lacks.
set -eu

program=fetch-kernels
apt_else='pass --deb with packages you fetched yourself'
. "$(dirname "$0")/apt-private.sh"

list=no
refresh=no
series=
for argument; do
    case $argument in
        --list) list=yes ;;
        --refresh) refresh=yes ;;
        -h | --help)
            sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
            exit 0
            ;;
        [0-9]*.[0-9]*) series="$series $argument" ;;
        *) die 2 "unknown argument '$argument'; a series looks like 6.12 or 6.12@trixie (--help tells more)" ;;
    esac
done
series=${series:-5.10 6.1 6.12 6.18 7.2 7.3}

cache=${COWBENCH_KERNELS:-${XDG_CACHE_HOME:-$HOME/.cache}/cowbench/kernels}

if [ "$list" = yes ]; then
    for folder in "$cache"/[0-9]*; do
        [ -d "$folder" ] || continue
        for package in "$folder"/linux-image-*.deb; do
            [ -f "$package" ] && printf '%s\t%s\n' "${folder##*/}" "$package"
        done
    done | sort -V
    exit 0
fi

wanted=
for one in $series; do
    number=${one%@*}
    case $one in
        *@*) suite=${one#*@} ;;
        *) suite=$(suite_of "$number") ;;
    esac
    if [ "$refresh" = no ] && [ -f "$cache/$number/complete" ]; then
        printf 'fetch-kernels: %s is in the cache\n' "$number" >&2
    else
        wanted="$wanted $number@$suite"
    fi
done
[ -n "$wanted" ] || exit 0

mkdir -p "$cache" || die 3 "cannot write to the cache $cache: set COWBENCH_KERNELS to a folder you can write to"
work=$(mktemp -d "$cache/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
suites=
for one in $wanted; do
    suites="$suites ${one#*@}"
done
# shellcheck disable=SC2086 # a list of words on purpose
apt_begin "$work" $suites

# Packages an image package needs for its files: the split linux-binary and linux-modules of newer kernels.
parts_of() { # PACKAGE=VERSION
    apt_private apt-cache show "$1" |
        awk '/^(Pre-)?Depends:/ { gsub(/,/, "\n"); print }' |
        sed -n 's/^\(Pre-\)\{0,1\}\(Depends:\)\{0,1\} *\(linux-\(binary\|modules\)-[^ ]*\).*/\3/p' | sort -u
}

status=0
for one in $wanted; do
    number=${one%@*}
    suite=${one#*@}
    pattern="^linux-image-$(printf '%s' "$number" | sed 's/\./\\./g')[^0-9].*-cloud-amd64\$"
    # "Package version" of every match, newest version last.
    newest=$(apt_private apt-cache pkgnames linux-image- | grep -E "$pattern" | grep -v -- -unsigned |
        while read -r name; do
            apt_private apt-cache madison "$name" | awk -F '|' '{ gsub(/ /, ""); print $1, $2 }'
        done | sort -k2,2V | tail -n 1)
    if [ -z "$newest" ]; then
        printf 'fetch-kernels: %s: %s has no such kernel on this mirror\n' "$number" "$suite" >&2
        status=1
        continue
    fi
    name=${newest% *}
    version=${newest#* }
    rm -rf "$work/download"
    mkdir "$work/download"
    packages="$name=$version"
    for part in $(parts_of "$name=$version"); do
        if apt_private apt-cache madison "$part" | grep -qF " $version "; then
            packages="$packages $part=$version"
        else
            # Superseded backports lose their modules first; their NVMe driver is built in, which is disk enough.
            printf 'fetch-kernels: %s: %s is no longer on the mirror, doing without\n' "$number" "$part" >&2
        fi
    done
    # shellcheck disable=SC2086 # a list of words on purpose
    if ! (cd "$work/download" && apt_private apt-get download $packages) > "$work/log" 2>&1; then
        cat "$work/log" >&2
        printf 'fetch-kernels: %s: download failed (above)\n' "$number" >&2
        status=1
        continue
    fi
    printf '%s %s\n' "$name" "$version" > "$work/download/complete"
    chmod 755 "$work/download"
    rm -rf "${cache:?}/$number"
    mv "$work/download" "$cache/$number"
    printf 'fetch-kernels: %s: %s %s from %s\n' "$number" "$name" "$version" "$suite" >&2
done
exit "$status"
