#!/usr/bin/env bash
# need <command> <Debian package>...: installs the package on Debian, otherwise names it. Source this file, or run it
# with these arguments.
need() {
    local command="$1" as_root=(); shift
    if command -v "$command" >/dev/null 2>&1 || [ -x "/usr/sbin/$command" ]; then return 0; fi
    # Can this user become root without a password, or can somebody type it?
    if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
    if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; }; then
        echo "== installing $*"
        [ -n "${APT_UPDATED:-}" ] || { "${as_root[@]}" apt-get update -qq; APT_UPDATED=1; }
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    else
        echo "missing: $command. On Debian: sudo apt-get install $*" >&2
        exit 1
    fi
}
superuser() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# borrow <command> <Debian package>...: for packages that would start a service when they are installed. They are unpacked
# beside other downloads, and their programs are on the PATH.
borrow() {
    local command="$1" kept="${AFPI_CI_CACHE:-$HOME/.cache/afpi-ci}/debian"; shift
    case ":$PATH:" in *":$kept/usr/bin:"*) ;; *) export PATH="$PATH:/usr/sbin:$kept/usr/bin:$kept/usr/sbin" ;; esac
    if command -v "$command" >/dev/null 2>&1; then return 0; fi
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "missing: $command. On Debian: sudo apt-get install $*" >&2
        exit 1
    fi
    echo "== fetching $*"
    mkdir -p "$kept"
    if ! (cd "$kept" && { apt-get download -qq "$@" || { superuser apt-get update -qq && apt-get download -qq "$@"; } } &&
        for file in *.deb; do dpkg-deb -x "$file" . && rm "$file"; done) >"$kept/log" 2>&1; then
        cat "$kept/log" >&2
        echo "cannot fetch $*" >&2
        exit 1
    fi
}
if [ "${BASH_SOURCE[0]}" = "$0" ]; then set -eu; need "$@"; fi
