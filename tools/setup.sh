# shellcheck shell=sh
# Checks and installs what a build needs. Sourced by ./demo, ./test and the Makefile; POSIX sh.
#
#   need_packages build|test|deploy|screenshots|conformance   installs the missing Debian packages for that purpose
#   need_swift                             stops with instructions when Swift is missing or too old
#
# Both are quick when there is nothing to do: one dpkg-query, one swift --version.

swift_wanted=6.2

# First the packages that Swift's own tools need on Debian: a machine may have Swift and lack these.
debian_build='git ca-certificates binutils libcurl4 libxml2 tzdata zlib1g-dev libc6-dev libstdc++-12-dev'
debian_build="$debian_build libncurses-dev libssl-dev libsqlite3-dev libcrypt-dev"
debian_test="$debian_build tmux openssl python3 python3-venv"
# What the files in deploy/ are tried with. CI installs it; elsewhere what is there is used (fixtures/deploy/run).
debian_deploy='python3 iproute2 nginx haproxy caddy prometheus skopeo umoci'
debian_conformance="$debian_build python3 python3-venv"
debian_screenshots="$debian_build tmux python3 python3-venv fonts-dejavu-core fonts-noto-color-emoji fonts-symbola"

say() { printf '%s\n' "$*" >&2; }

# The packages of $1 under other names, for people on other systems.
name_packages() {
    say "Install these packages, then run this again:"
    say "  Fedora:   sudo dnf install git gcc-c++ ncurses-devel openssl-devel sqlite-devel libxcrypt-devel tmux"
    say "  Arch:     sudo pacman -S --needed git gcc ncurses openssl sqlite libxcrypt tmux"
    say "  Alpine:   sudo apk add git g++ ncurses-dev openssl-dev sqlite-dev libxcrypt-dev tmux"
    say "            (Swift itself needs glibc: on Alpine build in a Debian or Fedora container)"
    say "  Homebrew: brew install git ncurses openssl@3 sqlite libxcrypt tmux   (on Linux)"
}

have_header() {
    for directory in /usr/include /usr/include/x86_64-linux-gnu /usr/include/aarch64-linux-gnu \
        /usr/local/include "${HOMEBREW_PREFIX:-/home/linuxbrew/.linuxbrew}/include"; do
        [ -e "$directory/$1" ] && return 0
    done
    return 1
}

need_packages() {
    case $1 in
        test) wanted=$debian_test ;;
        deploy) wanted=$debian_deploy ;;
        conformance) wanted=$debian_conformance ;;
        screenshots) wanted=$debian_screenshots ;;
        *) wanted=$debian_build ;;
    esac
    if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
        for header in ncurses.h openssl/ssl.h sqlite3.h crypt.h; do
            if ! have_header "$header"; then
                say "$header was not found, and this is no Debian on which it could be installed for you."
                name_packages
                exit 1
            fi
        done
        return 0
    fi
    missing=
    for package in $wanted; do
        case $(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null) in
            ii*) ;;
            *) missing="$missing $package" ;;
        esac
    done
    [ -z "$missing" ] && return 0

    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "These Debian packages are missing, and there is no sudo to install them with. As root, run:"
            say "  apt-get update && apt-get install --no-install-recommends$missing"
            exit 1
        fi
        as_root=sudo
    fi
    say "Installing from Debian:$missing"
    # Try the existing package list first; update an outdated one once.
    # shellcheck disable=SC2086  # a list of words
    if ! $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends $missing >/dev/null 2>&1; then
        $as_root apt-get update -qq >&2
        # shellcheck disable=SC2086
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -qq -y --no-install-recommends $missing >&2 || {
            say "Installing failed. The message above says why; the command was:"
            say "  apt-get install --no-install-recommends$missing"
            exit 1
        }
    fi
}

explain_swift() {
    say "MyChat is built with Swift $swift_wanted or newer. $1"
    say ""
    say "These commands install it with Swift's own installer (Debian, Ubuntu, Fedora):"
    say "  curl -O https://download.swift.org/swiftly/linux/swiftly-\$(uname -m).tar.gz"
    say "  tar zxf swiftly-\$(uname -m).tar.gz"
    say "  ./swiftly init --quiet-shell-followup"
    say "  . \"\${SWIFTLY_HOME_DIR:-\$HOME/.local/share/swiftly}/env.sh\" && hash -r"
    say ""
    say "On a machine without curl first: apt-get install -y curl ca-certificates gnupg"
    exit 1
}

need_swift() {
    command -v swift >/dev/null 2>&1 || explain_swift "It was not found on this machine."
    found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
    [ -n "$found" ] || explain_swift "Its version could not be read ('swift --version')."
    major=${found%%.*}
    minor=${found#*.}
    wanted_major=${swift_wanted%%.*}
    wanted_minor=${swift_wanted#*.}
    if [ "$major" -lt "$wanted_major" ] || { [ "$major" -eq "$wanted_major" ] && [ "$minor" -lt "$wanted_minor" ]; }; then
        explain_swift "Found here: $found."
    fi
}

# Makes the release build of both programs and puts them into bin/. The Swift runtime is static, so they start faster and
# can be copied.
build_release() {
    say "Building (the first time takes a few minutes)…"
    if ! swift build -c release --static-swift-stdlib --product mychat >"$1" 2>&1 ||
        ! swift build -c release --static-swift-stdlib --product mychat-server >>"$1" 2>&1; then
        say "The build failed:"
        grep -E 'error:' "$1" >&2 || tail -n 30 "$1" >&2
        say "The whole log: $1"
        exit 1
    fi
    built=$(swift build -c release --static-swift-stdlib --show-bin-path)
    mkdir -p bin
    ln -sf "$built/mychat" bin/mychat
    ln -sf "$built/mychat-server" bin/mychat-server
}
