#!/usr/bin/env bash
# Runs every test: Rust (unit, both databases and all queue backends, plugins, HTTP), the web app's units and
# components, and the chain in a real browser with the real binary. Ends with one line: N passed, N failed.
set -uo pipefail
cd "$(dirname "$0")/.."
# Tests commit all the time. In memory, where there is room, they do not wait for a disk.
memory=$(df --output=avail -BG /dev/shm 2>/dev/null | tail -1 | tr -dc 0-9)
if [ -w /dev/shm ] && [ "${memory:-0}" -ge 10 ]; then TMPDIR=$(mktemp -d -p /dev/shm afpi-tests.XXXXXX); export TMPDIR; fi
# They wait for databases and workers more than they compute.
export RUST_TEST_THREADS="${RUST_TEST_THREADS:-$((2 * $(nproc 2>/dev/null || echo 2)))}"
. scripts/services.sh
trap 'stop_services; case "${TMPDIR:-}" in /dev/shm/afpi-tests.*) rm -rf "$TMPDIR" ;; esac' EXIT
need mariadbd mariadb-server
need redis-server redis-server
need chromium chromium
need curl curl
need javac default-jdk-headless
[ -e /usr/share/java/jaxb-runtime.jar ] || need libjaxb-java libjaxb-java
python3 -c 'import venv, ensurepip' 2>/dev/null || need python3-venv python3-venv
need_clamd || echo "clamd is missing, and its test will be skipped"
need_dovecot || echo "dovecot is missing, and its tests will be skipped"
# Checked first, so that nobody waits for a build to learn what is missing.
[ "${1:-}" != --needs ] || exit 0
start_mariadb
start_redis
start_redis_cluster
start_clamd
start_dovecot

passed=0 failed=0 names="" times="" begun=$SECONDS
failing() { names+="$1"$'\n'; } # failing <lines>: names of tests that failed, shown at the very end
count() { # count <name> <passed> <failed>
    echo "== $1: $2 passed, $3 failed in $((SECONDS - begun)) s"
    times+="$1 $((SECONDS - begun)) s, " begun=$SECONDS
    passed=$((passed + $2)); failed=$((failed + $3))
}
log="$SERVICES_DIR/log"

cargo_test() { # cargo_test <name> <arguments>
    local name=$1 status ok ko; shift
    cargo test --no-fail-fast "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    read -r ok ko < <(awk '/^test result:/ { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p += $(i-1); if ($i ~ /^failed/) f += $(i-1) } } END { print p + 0, f + 0 }' "$log")
    [ "$status" = 0 ] || [ "${ko:-0}" != 0 ] || ko=1
    failing "$(grep -E '^test .* FAILED$' "$log")"
    # What they said: where each one stopped, and why.
    failing "$(awk '/^failures:$/ { open = 1 } /^test result:/ { open = 0 } open && /^thread .* panicked at / { lines = 4 } lines-- > 0 { print substr($0, 1, 400) }' "$log")"
    count "$name" "${ok:-0}" "${ko:-1}"
}
echo "== Rust tests on SQLite, $AFPI_TEST_MARIADB_URL and $AFPI_TEST_REDIS_URL"
cargo_test Rust --workspace
echo "== files in a bucket, against an S3 server"
cargo_test S3 --locked --manifest-path host/files/s3-test/Cargo.toml
echo "== the program that sets documents"
cargo_test documents --locked --manifest-path host/documents/engine/Cargo.toml --target-dir "${CARGO_TARGET_DIR:-target}"

# The Rust tests have left invoices of every kind, good and bad, and documents.
validate() { # validate <name> <what> <folder>...
    scripts/einvoice.sh "${@:2}" 2>&1 | tee "$log"
    local ok ko
    read -r ok ko < <(awk '/^[0-9]+ passed, [0-9]+ failed$/ { p = $1; f = $3; seen = 1 } END { print p + 0, seen ? f : 1 }' "$log")
    failing "$(grep '^FAILED' "$log")"
    count "$1" "$ok" "$ko"
}
echo "== electronic invoices against XSD and schematron; PDFs against PDF/A-3a and PDF/UA-1"
left="${CARGO_TARGET_DIR:-target}/tmp"
validate "electronic invoices" invoices "$left/einvoice"
validate "PDFs" pdfs "$left/einvoice/pdf" "$left/documents"

echo "== alerts and what sends them"
if command -v apt-get >/dev/null 2>&1 || command -v promtool >/dev/null 2>&1; then
    scripts/alerts.sh 2>&1 | tee "$log"
    read -r ok ko < <(awk '/^[0-9]+ passed, [0-9]+ failed$/ { p = $1; f = $3; seen = 1 } END { print p + 0, seen ? f : 1 }' "$log")
    failing "$(grep '^FAILED' "$log")"
    count alerts "$ok" "$ko"
else
    echo "== skipped: promtool and amtool are Debian's packages prometheus and prometheus-alertmanager"
fi

vitest() { # vitest <name> <folder>
    echo "== $1"
    NG_CLI_ANALYTICS=false CI=1 npm --prefix "$2" test 2>&1 | tee "$log"
    local status=${PIPESTATUS[0]} ok ko
    # One summary per runner: units, and components in a browser.
    read -r ok ko < <(sed 's/\x1b\[[0-9;]*m//g' "$log" | awk '/^ *Tests / { for (i = 2; i <= NF; i++) { if ($i == "passed") p += $(i-1); if ($i == "failed") f += $(i-1) } } END { print p + 0, f + 0 }')
    [ "$status" = 0 ] || [ "$ko" != 0 ] || ko=1
    count "$1" "${ok:-0}" "${ko:-0}"
}
vitest "web units and components" web
# New projects of every kind, with the binary that the Rust tests have built.
vitest "TypeScript SDK" sdk/js

start_demo() { # start_demo <name>: a demo with data of its own; sets port
    port=$(free_port)
    PORT=$port AFPI_DATA_DIR="$SERVICES_DIR/$1" "${CARGO_TARGET_DIR:-target}/debug/afpi" demo >"$SERVICES_DIR/$1.log" 2>&1 &
    SERVICE_PIDS+=("$!")
    for _ in $(seq 300); do curl -fs "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && break; sleep 0.2; done
}

echo "== the API against its description"
AFPI_TRUSTED_PROXIES=127.0.0.1 start_demo conformance
scripts/conformance.sh "http://127.0.0.1:$port" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
ok=$(awk '/^ *Tested: /{print $2}' "$log"); ko=$(grep -cE '^_+ (GET|POST|PUT|PATCH|DELETE) ' "$log")
if [ "$status" = 0 ]; then ko=0; elif [ "${ko:-0}" = 0 ]; then ko=1; fi
count "API operations" "$((${ok:-0} > ko ? ${ok:-0} - ko : 0))" "$ko"

# E2E selects some specs, e.g. E2E=chain. Each worker has its own demo, so concurrent tests share no data.
workers=$(nproc 2>/dev/null || echo 2); [ "$workers" -le 4 ] || workers=4
echo "== browser tests, each of $workers workers against a demo of its own"
urls=()
for n in $(seq "$workers"); do start_demo "demo-$n"; urls+=("http://127.0.0.1:$port"); done
(cd web && AFPI_E2E_URL="${urls[*]}" npx playwright test ${E2E:-}) 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
ok=$(grep -oE '^ *[0-9]+ passed' "$log" | tail -1 | grep -oE '[0-9]+'); ko=$(grep -oE '^ *[0-9]+ failed' "$log" | tail -1 | grep -oE '[0-9]+')
if [ "$status" != 0 ]; then ko=${ko:-1}; tail -n 15 "$SERVICES_DIR"/demo-*.log; fi
failing "$(sed -n -E '/^ *[0-9]+ (failed|flaky)$/,$p' "$log" | grep -E '› |failed|flaky')"
failing "$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '^ *([0-9]+\) e2e/|Error: |Test timeout|Locator: |Expected|Received|> [0-9]+ \||\+ +"|.*intercepts pointer events)' | cut -c1-300)"
count browser "${ok:-0}" "${ko:-0}"

printf '%s' "$names" | sed '/^$/d'
echo "== ${times%, }"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
