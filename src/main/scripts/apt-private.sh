# Sourced by the scripts that fetch Debian packages: apt with a sources list, state and cache of its own, so that the
# system's lists are never touched. The caller has set $program, its name in messages.

die() { # STATUS MESSAGE
    printf '%s: %s\n' "$program" "$2" >&2
    exit "$1"
}

# The suite that has Debian's kernels of series $1; those in no release come from the newest backports.
suite_of() {
    case $1 in
        5.10) echo bullseye ;;
        6.1) echo bookworm ;;
        6.12) echo trixie ;;
        7.2) echo sid ;;
        *) echo trixie-backports ;;
    esac
}

# Takes $series apart, SERIES or SERIES@SUITE as --series has it: what is left is in $series and $suite.
split_series() {
    case $series in
        *@*) suite=${series#*@} series=${series%@*} ;;
        *) suite=$(suite_of "$series") ;;
    esac
    case $series in
        [0-9]*.[0-9]*[!0-9]* | *[!0-9.]* | .* | *.) die 2 "--series '$series'; a series looks like 6.12, or 6.12@trixie" ;;
        [0-9]*.[0-9]*) ;;
        *) die 2 "--series '$series'; a series looks like 6.12, or 6.12@trixie" ;;
    esac
}

# Makes an empty apt below folder $1 that knows the suites $2...
apt_begin() {
    apt_work=$1
    shift
    command -v apt-get > /dev/null 2>&1 || die 3 "apt-get is missing: run this on Debian or Ubuntu${apt_else:+, or $apt_else}"
    mirror=${COWBENCH_DEBIAN_MIRROR:-}
    if [ -z "$mirror" ]; then
        mirror=$(apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(SUITE) $(REPO_URI)' 2> /dev/null |
            awk '$1 == "Debian" && $2 == "main" && $3 !~ /-(security|updates|backports)$/ { print $4; exit }')
    fi
    [ -n "$mirror" ] ||
        die 3 "no Debian mirror in this system's apt configuration: run 'apt-get update', or set COWBENCH_DEBIAN_MIRROR"
    mkdir -p "$apt_work/state/lists/partial" "$apt_work/cache/archives/partial"
    : > "$apt_work/status"
    # The archive keyring package holds the keys of every suite, also of those newer than this system.
    signed=
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -r "$keyring" ] && signed=" signed-by=$keyring"
    for suite; do
        printf 'deb [arch=amd64%s] %s %s main\n' "$signed" "$mirror" "$suite"
    done | sort -u > "$apt_work/sources.list"
    apt_private apt-get update > "$apt_work/log" 2>&1 || {
        cat "$apt_work/log" >&2
        die 3 "apt could not read the mirror's indexes (above); a missing key means: apt-get install debian-archive-keyring"
    }
}

apt_private() { # TOOL ARGUMENT...
    tool=$1
    shift
    "$tool" -q -o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin \
        -o Dir::Etc::SourceList="$apt_work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
        -o Dir::State="$apt_work/state" -o Dir::State::Lists="$apt_work/state/lists" \
        -o Dir::State::status="$apt_work/status" -o Dir::Cache="$apt_work/cache" -o APT::Architecture=amd64 \
        -o APT::Architectures=amd64 -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none "$@"
}
