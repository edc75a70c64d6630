#!/bin/sh
# Builds a small kernel for cowbench's guests from Debian's source, with a change to mm/memory.c if one is given.
#
#   build-kernel.sh [--series 5.10|6.1|6.12] [--edit SED]... [--patch FILE]... FOLDER
#
# FOLDER gets the source, apt's files and, in the end, bzImage; it is made when absent, and a tree that is there is
# changed and built again. --edit gives sed's commands for mm/memory.c, such as the rule of 13 January 2022:
#
#   build-kernel.sh --edit 's/page_count(page) != 1/page_count(page) != 1 + !!PageSwapCache(page)/' ~/wilcox
#   ./run-bench.sh kernel litmus --image ~/wilcox/bzImage src/main/resources/litmus/seed.litmus
#
# The configuration is tinyconfig and what a guest needs: 64 bit, a serial port, an initramfs, virtio-blk on PCI, swap,
# /proc with page flags, io_uring, memory cgroups. To check a configuration of your own against it: --list-options.
# Needs gcc, make, flex, bison, bc, libelf-dev, libssl-dev, xz-utils; two cores take about three minutes.
#
# Exit status: 0 built, 1 the edit changed nothing or the build failed, 2 usage, 3 something is lacking.
set -eu

program=build-kernel
. "$(dirname "$0")/apt-private.sh"

options='64BIT PRINTK TTY SERIAL_8250 SERIAL_8250_CONSOLE BLK_DEV_INITRD RD_GZIP BINFMT_ELF MULTIUSER FUTEX EPOLL
    SIGNALFD EVENTFD POSIX_TIMERS HIGH_RES_TIMERS BLOCK SWAP SHMEM ADVISE_SYSCALLS AIO IO_URING PROC_FS PROC_SYSCTL
    PROC_PAGE_MONITOR SYSFS PCI ACPI VIRTIO_MENU VIRTIO_PCI VIRTIO_PCI_LEGACY BLK_DEV VIRTIO_BLK CGROUPS MEMCG
    MEMCG_SWAP VM_EVENT_COUNTERS X86_IOPL_IOPERM'

series=5.10
folder=
edits=
patches=
absolute() {
    case $1 in
        /*) printf '%s' "$1" ;;
        *) printf '%s/%s' "$PWD" "$1" ;;
    esac
}
while [ $# -gt 0 ]; do
    case $1 in
        --series | --edit | --patch)
            [ $# -ge 2 ] || die 2 "$1 needs a value (--help tells more)"
            case $1 in
                --series) series=$2 ;;
                --edit) edits="$edits
$2" ;;
                --patch)
                    [ -r "$2" ] || die 2 "no such patch: $2"
                    patches="$patches
$(absolute "$2")" ;;
            esac
            shift
            ;;
        --list-options)
            printf 'CONFIG_%s=y\n' $options
            exit 0
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
case $series in
    5.10) suite=bullseye ;;
    6.1) suite=bookworm ;;
    6.12) suite=trixie ;;
    *) die 2 "Debian has no linux-source-$series in a release; known: 5.10, 6.1, 6.12" ;;
esac
for tool in gcc make flex bison bc xz perl; do
    command -v "$tool" > /dev/null 2>&1 ||
        die 3 "$tool is missing: apt-get install gcc make flex bison bc xz-utils perl libelf-dev libssl-dev"
done
mkdir -p "$folder" || die 3 "cannot write to $folder"
folder=$(cd "$folder" && pwd)
tree=$folder/linux-source-$series

if [ ! -f "$tree/Makefile" ]; then
    printf 'build-kernel: fetching linux-source-%s from %s\n' "$series" "$suite" >&2
    apt_begin "$folder/apt" "$suite"
    (cd "$folder" && apt_private apt-get download "linux-source-$series") > "$folder/log" 2>&1 || {
        cat "$folder/log" >&2
        die 3 "download failed (above)"
    }
    printf 'build-kernel: unpacking\n' >&2
    dpkg-deb --fsys-tarfile "$folder"/linux-source-"$series"_*.deb |
        tar -xO "./usr/src/linux-source-$series.tar.xz" | tar -xJ -C "$folder"
fi

cd "$tree"
printf '%s\n' "$edits" | while IFS= read -r edit; do
    [ -n "$edit" ] || continue
    cp mm/memory.c ../memory.c.before
    sed -i -e "$edit" mm/memory.c
    ! cmp -s mm/memory.c ../memory.c.before || die 1 "--edit '$edit' changes nothing in mm/memory.c"
    diff -u ../memory.c.before mm/memory.c >&2 || :
done
printf '%s\n' "$patches" | while IFS= read -r patch; do
    [ -n "$patch" ] || continue
    patch -p1 < "$patch" >&2 || die 1 "$patch does not apply to linux-source-$series"
done
make -s tinyconfig > /dev/null
# shellcheck disable=SC2046 # a list of words on purpose
scripts/config $(printf -- '-e %s ' $options)
make -s olddefconfig > /dev/null
# A series need not know every option, but one that it knows and dropped lacks something that is not in the list.
for option in $options; do
    grep -q "^CONFIG_$option=y" .config || ! grep -rqs --include='Kconfig*' "^\(menu\)\?config $option\$" . ||
        die 1 "CONFIG_$option was not taken: something that it depends on is missing from the list in $0"
done
# Newer series read their object files with libelf, of which the build speaks only where it fails; 5.10 does without.
if grep -q '^CONFIG_\(UNWINDER_ORC\|OBJTOOL\)=y' .config; then
    printf '#include <libelf.h>\nint main(void) { return elf_version(EV_CURRENT); }\n' |
        gcc -x c - -o ../libelf-test -lelf 2> /dev/null || die 3 "libelf is missing: apt-get install libelf-dev"
    rm -f ../libelf-test
fi
printf 'build-kernel: building\n' >&2
make -s -j"$(nproc)" bzImage > ../log 2>&1 || {
    tail -n 20 ../log >&2
    die 1 "the build failed (above; all of it in $folder/log)"
}
cp arch/x86/boot/bzImage "$folder/bzImage"
printf '%s\n' "$folder/bzImage"
