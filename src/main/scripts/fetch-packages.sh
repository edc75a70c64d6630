#!/bin/sh
# Fetches Debian's amd64 packages and all that they depend on into a folder, for programs that run in cowbench's guests.
#
#   fetch-packages.sh SUITE FOLDER PACKAGE...
#   fetch-packages.sh trixie ~/.cache/cowbench/apps/redis@trixie redis-server
#
# 'kernel app' runs it when it is first asked for a program. FOLDER is made whole or not at all; one that is there is
# left alone: remove it to fetch newer packages. The mirror is $COWBENCH_DEBIAN_MIRROR, else the Debian mirror of this
# system's own apt configuration. apt checks signatures and checksums; it gets a sources list, state and cache of its
# own, so that the system's lists are never touched, and nothing is installed.
#
# Exit status: 0 the folder is there; 2 usage; 3 apt, a mirror or a package is lacking.
set -eu

program=fetch-packages
apt_else='pass --packages with a folder of packages that you fetched yourself'
. "$(dirname "$0")/apt-private.sh"

case ${1:-} in
    -h | --help)
        sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
        exit 0
        ;;
esac
[ $# -ge 3 ] || die 2 'needs a suite, a folder and a package (--help tells more)'
suite=$1 folder=$2
shift 2
for word in "$suite" "$@"; do
    case $word in
        '' | -* | *[!a-z0-9.+-]*) die 2 "'$word'; a suite looks like trixie, a package like redis-server" ;;
    esac
done
[ ! -d "$folder" ] || exit 0

parent=$(dirname "$folder")
mkdir -p "$parent" 2> /dev/null || die 3 "cannot write to $parent: set COWBENCH_APPS to a folder you can write to"
work=$(mktemp -d "$parent/.fetch.XXXXXX") || die 3 "cannot write to $parent: set COWBENCH_APPS to a folder you can write to"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
printf 'fetch-packages: fetching %s and what it depends on from %s\n' "$*" "$suite" >&2
apt_begin "$work" "$suite"
for package; do
    [ -n "$(apt_private apt-cache madison "$package" 2> /dev/null)" ] ||
        die 3 "$suite has no package $package on this mirror: name another suite"
done
apt_private apt-get -y --no-install-recommends --download-only install "$@" > "$work/log" 2>&1 || {
    cat "$work/log" >&2
    die 3 "apt could not fetch $* (above)"
}
mkdir "$work/packages"
mv "$work"/cache/archives/*.deb "$work/packages"
chmod 755 "$work/packages"
mv "$work/packages" "$folder"
