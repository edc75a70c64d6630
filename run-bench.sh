#!/usr/bin/env bash
# Builds cowbench if needed and runs it: ./run-bench.sh [COMMAND] [OPTIONS], see ./run-bench.sh --help
set -eu

minimum=25

# This file's own directory, also when called through a symbolic link.
self=$0
while [ -L "$self" ]; do
    link=$(readlink "$self")
    case $link in
        /*) self=$link ;;
        *) self=$(dirname "$self")/$link ;;
    esac
done
home=$(cd "$(dirname "$self")" && pwd -P)
jar=$home/target/benchmarks.jar

fail() {
    printf 'cowbench: %s\n' "$1" >&2
    exit 3
}

# Prints the major version of the JDK in directory $1, 0 when there is none. Its release file is enough: starting a
# JVM only to ask for its version would take longer than all the rest.
major() {
    if [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
        printf '%s' "${version:-0}"
    else
        printf 0
    fi
}

# 25 and every fourth release after it are long-term releases: 25, 29, 33...
suits() {
    [ "$1" -ge "$minimum" ] && [ $((($1 - minimum) % 4)) -eq 0 ]
}

# Sets jdk to the first JDK that suits, in the order in which a user would expect to be heard.
find_jdk() {
    on_path=$(command -v javac || true)
    if [ -n "$on_path" ]; then
        on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
    fi
    for jdk in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/*; do
        if [ -n "$jdk" ] && suits "$(major "$jdk")"; then
            return 0
        fi
    done
    return 1
}

# True when the jar is missing or anything it is built from is newer.
stale() {
    [ ! -f "$jar" ] || [ "$home/pom.xml" -nt "$jar" ] ||
        [ -n "$(find "$home/src/main" -newer "$jar" -print -quit)" ]
}

build() {
    command -v mvn >/dev/null ||
        fail 'no mvn on the PATH, and the build is needed: install Maven 3.8.7 or newer (Debian: apt install maven)'
    printf 'cowbench: building (the first time fetches libraries, a few minutes)\n' >&2
    mkdir -p "$home/target" 2>/dev/null && [ -w "$home/target" ] ||
        fail "cannot write to $home/target, where it is built: make it writable, or copy the project to where it is"
    log=$(mktemp 2>/dev/null) ||
        fail "cannot write temporary files to ${TMPDIR:-/tmp}: set TMPDIR to a directory that is there and can be written"
    trap 'rm -f "$log"' EXIT
    # Tests are for mvn verify; what is built here is only to be run.
    # Not -q: it would hide the warnings that fail the build.
    if ! mvn -B -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -f "$home/pom.xml" -Dmaven.test.skip=true -Dmaven.javadoc.skip=true package >"$log" 2>&1; then
        cat "$log" >&2
        fail 'the build failed, see above'
    fi
    # A source touched without effect would otherwise start a build every time.
    touch "$jar"
    rm -f "$log"
    trap - EXIT
}

find_jdk || fail "no JDK $minimum or newer long-term release in JAVA_HOME, on the PATH, in /usr/lib/jvm or in ~/.sdkman: install one (Debian: temurin-25-jdk from Adoptium) or set JAVA_HOME"
if stale; then
    build
fi
# A TMPDIR that is no directory is left to the commands that need one: the JVM would only warn, whatever the command.
temporary=
[ ! -d "${TMPDIR:-}" ] || temporary=$TMPDIR
# Where the locale is plain ASCII (LC_ALL=C, or one that is not installed) java can neither read nor open a path with
# other letters; no property of java's changes that. Messages and order stay as in C.
if [ "$(locale charmap 2>/dev/null)" = ANSI_X3.4-1968 ]; then
    export LC_ALL=C.UTF-8
fi
# exec: signals reach the JVM, and its exit status is this script's.
exec "$jdk/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -XX:+UseSerialGC -Djava.awt.headless=true ${temporary:+"-Djava.io.tmpdir=$temporary"} -Dcowbench.home="$home" \
    -jar "$jar" "$@"
