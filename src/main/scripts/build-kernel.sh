#!/bin/sh
# Builds a small kernel for cowbench's guests from any source, as it is or with changes; or both of these (--pair).
#
#   build-kernel.sh [--series SERIES[@SUITE] | --git TREE BASE..HEAD|COMMIT | --source DIR] [--pair | --base]
#                   [--edit SED]... [--patch FILE|-]... [--enable OPTION]... [--no-debug] [--output FILE] [FOLDER]
#   build-kernel.sh --list-series | --list-options | --clean [FOLDER]
#
# The source is Debian's linux-source of a series (the newest that the suites serve, unless named; --list-series prints
# them), a Git tree, or a folder. Of a range, BASE is the source and what HEAD changes since they parted the first
# change; COMMIT alone is COMMIT^..COMMIT. A tree or folder of yours is read and never written to, nor is a worktree
# registered in it. --source takes what lies there, without what a build leaves and without .git.
#
# It prints the image's path; --pair prints two, the source as it is and the source with the changes. --base is the
# first of these alone. Kernels are kept by their hash in FOLDER/kernels, the last 40, and found again without make.
# FOLDER is $COWBENCH_BUILDS, else ${XDG_CACHE_HOME:-~/.cache}/cowbench/builds, and made when absent; --clean removes
# all there but packages and what is at work. pristine/ is the source and is never changed; work/ is what is built in: it
# has the changes while a build runs and none before or after, however the build ends. So each build is of what its
# options say, and nothing else; the first of a source takes minutes, another variant only what make finds to differ.
# A FOLDER that is named gets the kernel as bzImage too, and --output as FILE; --pair writes to the cache alone.
#
# Changes are made in the order given, and all of them tried on copies first. --edit gives sed's commands for
# mm/memory.c, such as the rule that cowbench calls wilcox:
#
#   build-kernel.sh --edit 's/page_count(page) != 1/page_count(page) != 1 + !!PageSwapCache(page)/' ~/wilcox
#   ./run-bench.sh kernel litmus --image ~/wilcox/bzImage src/main/resources/litmus/seed.litmus
#
# --patch takes a diff, a mail or an mbox with a whole series (base64, quoted-printable, CRLF; cover letters and replies
# are left out), or standard input: b4 am -o - ID | build-kernel.sh --patch -. Fuzz is told.
#
# The kernel's release ends in -cowbench- and a hash of the source package, the changes and the configuration, compiler
# included: equal hash, equal kernel. Beside bzImage lie all changes (bzImage.diff) and the configuration
# (bzImage.config); in the cache also what the patches are called (bzImage.titles). The configuration is tinyconfig and
# what a guest needs (64 bit, SMP, a serial port, an initramfs, virtio-blk on PCI, swap, huge pages, /proc with page flags,
# io_uring, memory cgroups; KSM, as distributions have it, since without it 5.10 and 6.1 map the tail of a huge page from
# the swap cache that they copy with it); then what makes harm visible: BUG with names and lines, DEBUG_VM, page-table
# checks, kprobes, by which calls of the kernel's functions are counted (before 6.10 they come with modules only), and
# GUP_TEST, by which user space can hold a read-only pin from 6.2 on (5.10's GUP_BENCHMARK and 6.1's GUP_TEST let go
# before they return). --no-debug leaves those out, for instruction counts like a distribution's; --enable adds an
# option, such as PROVE_LOCKING; --list-options prints them, for a configuration of your own.
#
# A package linux-source-SERIES_*.deb that lies in FOLDER is not fetched.
# Needs gcc, make, flex, bison, bc, patch, perl, libelf-dev, libssl-dev, xz-utils; two cores take about three minutes.
#
# Exit status: 0 built; 1 a change does not apply, changes nothing or does not compile; 2 usage; 3 something is lacking.
set -eu
export LC_ALL=C

program=build-kernel
here=$(cd "$(dirname "$0")" && pwd)
. "$here/apt-private.sh"
. "$here/build-source.sh"

options='64BIT SMP PRINTK TTY SERIAL_8250 SERIAL_8250_CONSOLE BLK_DEV_INITRD RD_GZIP BINFMT_ELF MULTIUSER FUTEX EPOLL
    SIGNALFD EVENTFD POSIX_TIMERS HIGH_RES_TIMERS BLOCK SWAP SHMEM ADVISE_SYSCALLS AIO IO_URING PROC_FS PROC_SYSCTL
    PROC_PAGE_MONITOR SYSFS PCI ACPI VIRTIO_MENU VIRTIO_PCI VIRTIO_PCI_LEGACY BLK_DEV VIRTIO_BLK CGROUPS MEMCG
    MEMCG_SWAP VM_EVENT_COUNTERS X86_IOPL_IOPERM TRANSPARENT_HUGEPAGE KSM'
debug='BUG DEBUG_KERNEL DEBUG_BUGVERBOSE KALLSYMS DEBUG_VM DEBUG_VM_PGFLAGS PAGE_TABLE_CHECK PAGE_TABLE_CHECK_ENFORCED
    DEBUG_FS GUP_TEST MODULES FTRACE KPROBES KPROBE_EVENTS'

# What the environment of another build could change here.
unset ARCH CROSS_COMPILE KBUILD_OUTPUT KCONFIG_CONFIG KCONFIG_ALLCONFIG LOCALVERSION MAKEFLAGS MFLAGS MAKELEVEL KCFLAGS
# The same source makes the same file, whoever builds it when.
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970' KBUILD_BUILD_USER=cowbench KBUILD_BUILD_HOST=localhost \
    KBUILD_BUILD_VERSION=1

say() { printf 'build-kernel: %s\n' "$*" >&2; }

series=
git=
range=
source=
mode=head
kept_only=no
list=no
folder=
output=
enable=
stdin=no
arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
            --series | --edit | --patch | --enable | --output | --source)
                [ $# -ge 2 ] || die 2 "$1 needs a value (--help tells more)"
                case $1 in
                    --series) series=$2 ;;
                    --source) source=$2 ;;
                    --output) output=$2 ;;
                    --patch) check_patch "$2" ;;
                    --enable)
                        enable="$enable ${2#CONFIG_}"
                        case ${2#CONFIG_} in
                            '' | *[!A-Z0-9a-z_]*) die 2 "--enable '$2'; an option looks like PROVE_LOCKING" ;;
                        esac
                        ;;
                esac
                shift
                ;;
            --git)
                [ $# -ge 3 ] || die 2 "--git needs a tree and BASE..HEAD or a commit (--help tells more)"
                git=$2 range=$3
                shift 2
                ;;
            --pair | --base | --clean) mode=${1#--} ;;
            --kept-*) mode=${1#--kept-} kept_only=yes ;; # what --pair runs
            --list-series) list=yes ;;
            --no-debug) debug= ;;
            --list-options)
                printf 'CONFIG_%s=y\n' $options
                [ -z "$debug" ] || printf '# What makes harm visible; each that the series knows:\n'
                [ -z "$debug" ] || printf 'CONFIG_%s=y\n' $debug
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
}

check_patch() { # FILE
    if [ "$1" = - ]; then
        [ "$stdin" = no ] || die 2 "--patch - reads standard input, which there is only one of"
        stdin=yes
    else
        [ -f "$1" ] && [ -r "$1" ] || die 2 "no such patch: $1"
    fi
}

arguments "$@"
here_named=$folder
: "${folder:=${COWBENCH_BUILDS:-${XDG_CACHE_HOME:-$HOME/.cache}/cowbench/builds}}"
[ "${series:+x}${git:+x}${source:+x}" = x ] || [ -z "$series$git$source" ] ||
    die 2 "one source: --series, --git or --source"

if [ "$list" = yes ]; then
    newest
    exit 0
fi
if [ "$mode" = clean ]; then
    clean_builds
    exit 0
fi
if [ "$mode" = pair ]; then
    build_pair "$@"
    exit 0
fi

name_source
for tool in gcc make flex bison bc xz perl patch; do
    command -v "$tool" > /dev/null 2>&1 ||
        die 3 "$tool is missing: apt-get install gcc make flex bison bc xz-utils patch perl libelf-dev libssl-dev"
done
mkdir -p "$folder/pristine" "$folder/work" 2> /dev/null && [ -w "$folder" ] || die 3 "cannot write to $folder"
folder=$(cd "$folder" && pwd)
[ -z "$here_named" ] || [ "$kept_only" = yes ] || : "${output:=$folder/bzImage}"
case $output in
    '' | /*) ;;
    *) output=$PWD/$output ;;
esac
[ -z "$output" ] || { [ -d "$(dirname "$output")" ] && [ ! -d "$output" ]; } ||
    die 2 "--output $output: not a file in a folder that is there"

pristine=$folder/pristine/$name
tree=$folder/work/$name
log=$folder/$name.log

# One build at a time in a tree. What a killed build left running has the lock too; 9 is left to callers' locks.
exec 8> "$tree.lock"
flock -n 8 || die 3 "another build is at work in $tree: wait for it, or give another folder"

# The names in $tree.changed, written before the first is changed, are files that may not be as in $pristine. What is
# put back is a copy with the present time, not a link: make must see that it is not what the objects were made from.
restore() {
    [ -f "$tree.changed" ] || return 0
    while IFS= read -r file; do
        rm -f "$tree/$file"
        if [ -f "$pristine/$file" ]; then
            mkdir -p "$(dirname "$tree/$file")"
            cp --preserve=mode "$pristine/$file" "$tree/$file"
        else
            rmdir -p "$(dirname "$tree/$file")" 2> /dev/null || :
        fi
    done < "$tree.changed"
    rm "$tree.changed"
}

making=
finish() {
    status=$?
    trap '' INT TERM HUP
    if [ -n "$making" ]; then
        # make, told to end, removes the files that it had begun. Its compilers go with it: one that wrote an object of
        # a changed file after that was put back would have made it look up to date.
        kill -- -"$making" 2> /dev/null || :
        wait "$making" || :
        n=0
        while kill -0 "-$making" 2> /dev/null; do
            n=$((n + 1))
            [ "$n" -lt 50 ] || kill -9 "-$making" 2> /dev/null || :
            sleep 0.1
        done
        [ "$n" -ge 50 ] || rm -f "$tree.making"
    fi
    restore
    rm -rf "$scratch"
    exit "$status"
}
disk_is_full() { die 3 "the disk is full: --clean empties $folder, or name a folder on another"; }
# In the folder, so that what a killed build left is found and removed by the next.
scratch=$folder/work/$name.scratch
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
rm -rf "$scratch"
mkdir "$scratch" "$scratch/a" "$scratch/b"

# A tree is there when its .package is, which says what it was made from.
if [ ! -f "$pristine.package" ]; then
    rm -rf "$pristine" "$tree"
    mkdir -p "$scratch/unpacked/$name"
    if [ -n "$git" ]; then
        say "taking $base_commit out of $git"
        { git_of archive "$base_commit" || : > "$scratch/unread"; } | tar -x -C "$scratch/unpacked/$name" ||
            die 3 "$base_commit cannot be unpacked (above)"
        [ ! -f "$scratch/unread" ] || die 3 "$git lacks files of $base_commit (a partial clone: git fetch --refetch)"
        package=$identity
    elif [ -n "$source" ]; then
        say "copying $source"
        sources "$scratch/unread" | tar -x -C "$scratch/unpacked/$name" || die 3 "$source cannot be copied (above)"
        package=$identity
    else
        package=$(find "$folder" -maxdepth 1 -name "${name}_*.deb" | sort -V | tail -n 1)
        if [ -z "$package" ]; then
            say "fetching $name from $suite"
            apt_begin "$scratch/apt" "$suite"
            version=$(apt_private apt-cache madison "$name" | awk -F '|' '{ gsub(/ /, "", $2); print $2 }' | sort -V |
                tail -n 1)
            [ -n "$version" ] || die 3 "$suite has no $name on this mirror; --series SERIES@SUITE names another suite"
            (cd "$scratch" && apt_private apt-get download "$name=$version") > "$log" 2>&1 ||
                die 3 "download of $name $version failed: $(grep '^E:' "$log" | head -n 1)"
            mv "$scratch/${name}_"*.deb "$folder"
            package=$(find "$folder" -maxdepth 1 -name "${name}_*.deb")
        fi
        say "unpacking ${package##*/}"
        # tar says a line a file where the disk is full.
        said=$({ dpkg-deb --fsys-tarfile "$package" | tar -xO "./usr/src/$name.tar.xz" |
            tar -xJ -C "$scratch/unpacked" && : > "$scratch/whole"; } 2>&1 | { head -n 1; cat > /dev/null; })
        [ -f "$scratch/whole" ] || case $said in
            *'No space left'*) disk_is_full ;;
            *) die 3 "$package cannot be unpacked ($said): remove it to fetch it again" ;;
        esac
    fi
    [ -f "$scratch/unpacked/$name/Makefile" ] ||
        die 3 "$package holds no source of Linux; a package that is damaged is removed to fetch it again"
    mv "$scratch/unpacked/$name" "$pristine"
    printf '%s\n' "${package##*/}" > "$pristine.package"
fi
edited=$(find "$pristine" -type f -newer "$pristine.package" -print -quit)
[ -z "$edited" ] ||
    die 3 "$edited was edited: give the change as --patch, and remove $folder/pristine to unpack the source again"
[ -n "$git$source" ] || version=$(sed -n 's/^[^_]*_\([^_]*\)_.*/\1/p' "$pristine.package")

# A build that was killed at once may have left half an object that make takes for whole.
[ ! -f "$tree.making" ] || rm -rf "$tree"
rm -f "$tree.making"
if [ ! -d "$tree" ]; then
    rm -rf "$tree.new" "$tree.changed"
    cp -al "$pristine" "$tree.new" 2> /dev/null || {
        rm -rf "$tree.new"
        cp -a "$pristine" "$tree.new" || die 3 "cannot copy the source to $tree (above)"
    }
    mv "$tree.new" "$tree"
fi
restore

# Every change on copies of the files that it names: a/ has them as they were, b/ as they will be.
take_file() { # FILE: into a/ and b/, unless an earlier change had it
    if [ ! -f "$scratch/a/$1" ] && [ -f "$pristine/$1" ]; then
        mkdir -p "$(dirname "$scratch/a/$1")" "$(dirname "$scratch/b/$1")"
        cp -p "$pristine/$1" "$scratch/a/$1"
        cp -p "$pristine/$1" "$scratch/b/$1"
    fi
    printf '%s\n' "$1" >> "$scratch/files"
}

edit_memory() { # SED'S COMMANDS
    take_file mm/memory.c
    cp "$scratch/b/mm/memory.c" "$scratch/before"
    sed -e "$1" "$scratch/before" > "$scratch/b/mm/memory.c" 2> "$scratch/said" ||
        die 2 "--edit '$1' is not for sed: $(sed 's/^sed: -e //;q' "$scratch/said")"
    ! cmp -s "$scratch/before" "$scratch/b/mm/memory.c" || die 1 "--edit '$1' changes nothing in mm/memory.c"
    diff -u --label a/mm/memory.c --label b/mm/memory.c "$scratch/before" "$scratch/b/mm/memory.c" \
        >> "$scratch/edits" || :
}

apply_patch() { # PATCH WITHOUT ITS .patch
    title=$(cat "$1.title")
    while IFS= read -r file; do
        take_file "$file"
    done < "$1.files"
    # -t: no questions. Its words, not its status, tell a hunk that failed from one that was there before.
    failed=no
    (cd "$scratch/b" && patch -p1 -N -t -r - --no-backup-if-mismatch) < "$1.patch" > "$scratch/said" 2>&1 || failed=yes
    awk -v title="$title" -v failed="$failed" -v source="$name $version" '
        function end(message) { print message; done = 1; exit }
        /^patching file |^checking file / { file = $3 }
        /^Reversed \(or previously applied\)/ { end("is in " source " already, as far as " file " goes") }
        /^can.t find file to patch/ || /^\|\+\+\+ / { if (/^can/) missing = 1; else if (missing) end("changes " \
            substr($2, 3) ", which " source " does not have") }
        /^Hunk #/ { hunk = file ":" ($3 == "FAILED" ? $NF : $5) + 0 ": hunk " substr($2, 2) + 0 }
        /^Hunk #[0-9]+ FAILED/ { end("does not apply to " source ": " hunk " fails") }
        /with fuzz/ { fuzz = $0; sub(/.*with fuzz /, "", fuzz); sub(/[^0-9].*/, "", fuzz)
            print "build-kernel: " title ": " hunk " fits only with fuzz " fuzz > "/dev/stderr" }
        END { if (!done && failed == "yes") print "does not apply to " source ": " last }
        { last = $0 }' "$scratch/said" > "$scratch/why"
    [ ! -s "$scratch/why" ] || die 1 "$title: $(cat "$scratch/why")"
    printf '%s\n' "$title" >> "$scratch/titles"
}

given=no
changes() {
    while [ $# -gt 0 ]; do
        case $1 in
            --edit)
                given=yes
                edit_memory "$2"
                ;;
            --patch)
                given=yes
                title=$2
                [ "$2" != - ] || title='standard input'
                rm -rf "$scratch/patches"
                mkdir "$scratch/patches"
                perl "$here/patches-of.pl" "$2" "$title" "$pristine" "$scratch/patches" || exit $?
                n=1
                while [ -f "$scratch/patches/$n.patch" ]; do
                    apply_patch "$scratch/patches/$n"
                    n=$((n + 1))
                done
                ;;
        esac
        case $1 in
            --series | --edit | --patch | --enable | --output | --source) shift ;;
            --git) shift 2 ;;
        esac
        shift
    done
}
: > "$scratch/files"
if [ "$mode" != base ]; then
    [ -z "$git" ] || take_commit
    changes "$@"
fi
sort -u "$scratch/files" | while IFS= read -r file; do
    cmp -s "$scratch/a/$file" "$scratch/b/$file" || ! { [ -f "$scratch/a/$file" ] || [ -f "$scratch/b/$file" ]; } ||
        printf '%s\n' "$file"
done > "$scratch/changed"
[ "$given" = no ] || [ -s "$scratch/changed" ] ||
    die 1 "the changes undo each other: nothing differs from $name $version"

cd "$tree"
first() { # PATTERN: of the log's lines that have it, else the last
    printf '%s (all of it in %s)' "$(grep -m 1 -E "$1" "$log" || tail -n 1 "$log")" "$log"
}

configure() {
    {
        make -s tinyconfig
        # xz takes seconds to pack, and an emulator as many to unpack.
        # shellcheck disable=SC2046 # a list of words on purpose
        scripts/config -d KERNEL_XZ -e KERNEL_GZIP $(printf -- '-e %s ' $options $debug $enable)
        make -s olddefconfig
    } > "$log" 2>&1 || die 1 "the configuration failed: $(first 'rror|:[0-9]+:')"
    # A series need not know every option, but one that it knows and dropped lacks something that is not in the list.
    known=
    for option in $options $debug $enable; do
        ! grep -q "^CONFIG_$option=y" .config || continue
        [ -n "$known" ] || known=$(grep -rhs --include='Kconfig*' -E '^(menu)?config ' . | awk '{ print $2 }' | sort -u)
        case " $enable " in
            *" $option "*)
                printf '%s\n' "$known" | grep -qx "$option" || die 2 "$name has no CONFIG_$option, which --enable names"
                die 2 "CONFIG_$option was not taken: it needs another option, for --enable, or can only be no"
                ;;
        esac
        ! printf '%s\n' "$known" | grep -qx "$option" ||
            die 1 "CONFIG_$option was not taken: something that it depends on is missing from the list in $0"
    done
}

# The configuration comes before any change, unless that is about the configuration itself.
kconfig=$(grep -E '(^|/)Kconfig[^/]*$' "$scratch/changed" || :)
[ -n "$kconfig" ] || configure
sed 's/.*/&/' "$scratch/changed" > "$tree.changed.new"
mv "$tree.changed.new" "$tree.changed"
while IFS= read -r file; do
    rm -f "$file"
    if [ -f "$scratch/b/$file" ]; then
        mkdir -p "$(dirname "$file")"
        cp --preserve=mode "$scratch/b/$file" "$file"
    fi
done < "$scratch/changed"
[ -z "$kconfig" ] || configure
# Newer series read their object files with libelf, of which the build speaks only where it fails; 5.10 does without.
if grep -q '^CONFIG_\(UNWINDER_ORC\|OBJTOOL\)=y' .config; then
    printf '#include <libelf.h>\nint main(void) { return elf_version(EV_CURRENT); }\n' |
        gcc -x c - -o "$scratch/libelf-test" -lelf 2> /dev/null || die 3 "libelf is missing: apt-get install libelf-dev"
fi

hash=$({
    cat "$pristine.package" .config
    while IFS= read -r file; do
        printf '%s\n' "$file"
        [ ! -f "$file" ] || sha256sum < "$file"
    done < "$scratch/changed"
} | sha256sum | cut -c 1-12)
[ ! -f "$scratch/edits" ] || cat "$scratch/edits" >&2
kernels=$folder/kernels
kept=$kernels/$hash/bzImage
# For a terminal, or a caller that shows it; the total is what the last whole build of this source compiled.
progress() {
    began=$(date +%s)
    total=$(cat "$pristine.total" 2> /dev/null || echo 0)
    while sleep 1 && [ -f "$tree.making" ] && kill -0 "$$" 2> /dev/null; do
        n=$(grep -c '^  \(CC\|AS\|HOSTCC\) ' "$log") || :
        printf '%s %s %s\n' "$n" "$total" "$(($(date +%s) - began))"
    done | awk '{ left = ""
        if ($2 > $1 && $1 > 20) left = sprintf(" of %d files, %d s left", $2, $3 * ($2 - $1) / $1 + 1); else left = " files"
        printf "\rbuild-kernel: compiled %d%s, %d s   ", $1, left, $3; fflush() }' >&2
}
if [ -f "$kept" ]; then
    say "-cowbench-$hash is in the cache"
    touch "$kernels/$hash"
else
    say "building $name $version with $(wc -l < "$scratch/changed" | tr -d ' ') changed files as -cowbench-$hash"
    whole=no
    [ -f vmlinux ] || whole=yes
    : > "$tree.making"
    : > "$log"
    setsid make -j"$(nproc)" LOCALVERSION="-cowbench-$hash" bzImage > "$log" 2>&1 < /dev/null &
    making=$!
    showing=
    if [ -t 2 ] || [ -n "${COWBENCH_PROGRESS:-}" ]; then
        progress 8>&- &
        showing=$!
    fi
    status=0
    wait "$making" || status=$?
    making=
    rm -f "$tree.making"
    if [ -n "$showing" ]; then
        wait "$showing" || :
        printf '\n' >&2
    fi
    if [ "$status" -ne 0 ]; then
        ! grep -q 'No space left on device' "$log" || disk_is_full
        die 1 "the build failed: $(first '(^|[ :])(fatal )?error:|undefined reference|\*\*\*')"
    fi
    [ "$whole" = no ] || grep -c '^  \(CC\|AS\|HOSTCC\) ' "$log" > "$pristine.total" || :
    (cd "$scratch" && diff -urN a b | sed '/^\(---\|+++\) /s/\t.*//;/^diff -urN/d') > "$scratch/diff"
    # Whole or not at all; another build may have been first with the same.
    mkdir -p "$kernels" "$scratch/kernel" && not_compiled > "$scratch/kernel/bzImage.uncompiled" &&
        cp "$scratch/diff" "$scratch/kernel/bzImage.diff" &&
        cp .config "$scratch/kernel/bzImage.config" && cp arch/x86/boot/bzImage "$scratch/kernel/bzImage" &&
        { mv -T "$scratch/kernel" "$kernels/$hash" || [ -f "$kept" ]; } || die 3 "cannot write to $kernels (above)"
    find "$kernels" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | tail -n +41 | cut -d ' ' -f 2- |
        while IFS= read -r old; do rm -rf "$old"; done
fi
# A file that no object is made of belongs to an option that is off.
if [ -s "$kept.uncompiled" ]; then
    names=$(paste -s -d ' ' "$kept.uncompiled")
    [ "$(wc -l < "$kept.uncompiled")" -lt "$(wc -l < "$scratch/changed")" ] ||
        die 1 "nothing that is changed is compiled into this kernel, unless --enable OPTION takes it in: $names"
    say "changed and not compiled into this kernel, unless --enable OPTION takes it in: $names"
fi
# What the changes are called now: the same ones may have had another name in an earlier build.
rm -f "$kept.titles"
[ ! -s "$scratch/titles" ] || cp "$scratch/titles" "$kept.titles" || die 3 "cannot write to $kernels (above)"
[ -n "$output" ] || { printf '%s\n' "$kept"; exit 0; }
cp "$kept.diff" "$output.diff" && cp "$kept.config" "$output.config" && cp "$kept" "$output.new" &&
    mv "$output.new" "$output" || die 3 "cannot write $output (above)"
printf '%s\n' "$output"
