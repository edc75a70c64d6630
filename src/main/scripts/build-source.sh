# Sourced by build-kernel.sh: where a source comes from, two builds as one, and which files no build takes.

# "SERIES SUITE VERSION" of each that the suites have, oldest series first.
served() {
    apt_begin "$1" bullseye bookworm trixie trixie-backports sid
    apt_private apt-cache pkgnames linux-source- | grep -E '^linux-source-[0-9]+\.[0-9]+$' | while read -r one; do
        apt_private apt-cache madison "$one" | awk -F '|' '{ gsub(/ /, "", $1); gsub(/ /, "", $2); split($3, at, " ")
            sub(/\/.*/, "", at[2]); sub(/^linux-source-/, "", $1); print $1, at[2], $2 }' | sort -k3,3V | tail -n 1
    done | sort -V
}
newest() {
    lists=$(mktemp -d)
    trap 'rm -rf "$lists"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    found=$(served "$lists") || exit $?
    [ -n "$found" ] || die 3 "no suite on this mirror has a linux-source: --git or --source names another source"
    printf '%s\n' "$found"
}
# Packages stay, which the user may have put there, and locks, which another may be about to take.
clean_builds() {
    for lock in "$folder"/work/*.lock; do
        [ -f "$lock" ] || continue
        exec 8> "$lock"
        if ! flock -n 8; then
            say "keeps ${lock%.lock}: a build is at work in it"
            continue
        fi
        one=$(basename "$lock" .lock)
        rm -rf "$folder/pristine/$one" "$folder/pristine/$one".[pt]* "$folder/work/$one" "$folder/$one.log" \
            "$folder/work/$one".[a-km-z]*
    done
    rm -rf "$folder/kernels"
}

# Both kernels by two of these: first that of the changes, so that what is wrong with them is said before anything is
# built. A signal goes to the one that runs.
build_pair() { # ARGUMENTS
    [ -z "$output" ] || die 2 "--pair writes no --output: it prints two paths"
    said=$(mktemp)
    child=
    trap 'rm -f "$said" "$said.head"' EXIT
    exec 7<&0
    for signal in HUP:129 INT:130 TERM:143; do
        # shellcheck disable=SC2064 # the status is this signal's
        trap "[ -z \"\$child\" ] || { kill \"\$child\"; wait \"\$child\" || :; }; exit ${signal#*:}" "${signal%:*}"
    done
    for one in head base; do
        # The later of two modes holds. Standard input is the head's.
        if [ "$one" = head ]; then
            sh "$0" "$@" --kept-head > "$said.head" <&7 &
        else
            sh "$0" "$@" --kept-base > "$said" < /dev/null &
        fi
        child=$!
        status=0
        wait "$child" || status=$?
        child=
        [ "$status" -eq 0 ] || exit "$status"
    done
    cat "$said" "$said.head"
}

git_of() { git --no-optional-locks -C "$git" "$@" 2> /dev/null; }

# What a build leaves would be taken for up to date; times are none, so that equal content is the same source.
sources() {
    tar -C "$source" --sort=name --mtime=@1000000000 --owner=0 --group=0 --numeric-owner --exclude=./.git --exclude='*.o' \
        --exclude='*.a' --exclude='*.cmd' --exclude='./.config*' --exclude='*/generated' --exclude=./include/config \
        --exclude=./vmlinux --exclude='*.ko' -c . || : > "$1"
}

# Sets name, identity and version of the source, and series and suite of Debian's.
name_source() {
    if [ -n "$git" ]; then
        command -v git > /dev/null 2>&1 || die 3 "git is missing: apt-get install git"
        git_of rev-parse --git-dir > /dev/null || die 2 "--git $git: no Git tree that can be read"
        case $range in
            *...*) die 2 "--git '$range'; a range looks like BASE..HEAD" ;;
            *..*) from=${range%%..*} to=${range#*..} ;;
            *) from=$range^ to=$range ;;
        esac
        head_commit=$(git_of rev-parse --verify --end-of-options "${to:-HEAD}^{commit}") ||
            die 2 "--git $git has no commit '${to:-HEAD}'"
        base_commit=$(git_of rev-parse --verify --end-of-options "${from:-HEAD}^{commit}") ||
            die 2 "--git $git has no commit '${from:-HEAD}' (a shallow clone lacks parents: git fetch --deepen 100)"
        parted=$(git_of merge-base "$base_commit" "$head_commit") || die 2 "$from and ${to:-HEAD} have no commit in common"
        [ "$parted" = "$base_commit" ] || say "$from and ${to:-HEAD} parted at $parted, which is built as the base"
        base_commit=$parted
        name=git-$(printf '%.12s' "$base_commit")
        identity="git $base_commit"
        version=${range}
    elif [ -n "$source" ]; then
        [ -f "$source/Makefile" ] && [ -f "$source/mm/memory.c" ] || die 2 "--source $source: no source tree of Linux in it"
        unread=$(mktemp -u)
        identity="source $(sources "$unread" | sha256sum | cut -c 1-64)"
        [ ! -f "$unread" ] || { rm -f "$unread"; die 3 "--source $source cannot be read (above)"; }
        name=source-$(printf '%s' "$identity" | cut -c 8-19)
        version=$source
    else
        if [ -z "$series" ]; then
            series=$(newest | tail -n 1 | awk '{ print $1 "@" $2 }')
            [ -n "$series" ] || exit 3
        fi
        split_series
        name=linux-source-$series
    fi
}

take_commit() { # what HEAD changes, file by file
    given=yes
    git_of diff-tree -r --no-renames "$base_commit" "$head_commit" > "$scratch/commit"
    while IFS='	' read -r meta file; do
        # shellcheck disable=SC2086 # five words
        set -- $meta
        case $2 in
            000000 | 100644 | 100755) ;;
            *) die 1 "$range changes $file, which is a symbolic link or a module; files only" ;;
        esac
        case $file in
            '"'*) die 1 "$range changes $file, whose name no kernel build takes" ;;
        esac
        take_file "$file"
        rm -f "$scratch/b/$file"
        [ "$2" != 000000 ] || continue
        mkdir -p "$(dirname "$scratch/b/$file")"
        git_of cat-file blob "$4" > "$scratch/b/$file"
        chmod "${2#100}" "$scratch/b/$file"
    done < "$scratch/commit"
    [ -s "$scratch/commit" ] || die 1 "$range changes nothing"
    git_of log --reverse --no-merges --format='%h %s' "$base_commit..$head_commit" >> "$scratch/titles"
}

# The option of an object in its folder's Makefile, where a line of it says so.
option_of() { # FILE
    object=${1##*/}
    object=${object%.*}.o
    [ ! -f "${1%/*}/Makefile" ] ||
        sed -n "s/^obj-\$(CONFIG_\([A-Z0-9_]*\)).*[[:space:]]$object\([[:space:]].*\)\{0,1\}$/ (\1)/p" "${1%/*}/Makefile" |
        head -n 1
}

# C that is included by another file of its folder has no object of its own.
not_compiled() {
    while IFS= read -r file; do
        case $file in
            *.[cS]) [ ! -f "$file" ] || [ -f "${file%.*}.o" ] ||
                grep -qs "#include \".*\b${file##*/}\"" "${file%/*}"/*.[ch] ||
                printf '%s%s\n' "$file" "$(option_of "$file")" ;;
        esac
    done < "$scratch/changed"
}
