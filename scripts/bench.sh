#!/usr/bin/env bash
# Prints the figures: plugin calls compared with bare wasmtime, the job queues beside BullMQ, the whole service, a whole
# synchronisation and an import, on SQLite and on private MariaDB and Redis servers, how answers grow with the data,
# and documents (`pages`). Arguments select benchmarks: scripts/bench.sh service
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/services.sh
trap stop_services EXIT
start_mariadb
start_redis

[ $# -gt 0 ] || set -- calls scale queue service growth sync imports pages
# The program that sets documents has a workspace of its own.
if [[ " $* " = *" pages "* ]]; then
    echo "== pages"
    cargo bench -q --manifest-path host/documents/engine/Cargo.toml --target-dir "${CARGO_TARGET_DIR:-target}" --bench pages
    others=()
    for bench in "$@"; do [ "$bench" = pages ] || others+=("$bench"); done
    [ ${#others[@]} -gt 0 ] || exit 0
    set -- "${others[@]}"
fi
# BullMQ on Node, for comparison.
if [[ " $* " = *" queue "* ]]; then npm --prefix host/jobs/benches/peer ci >/dev/null || echo "BullMQ cannot be installed"; fi
# Always all packages: then their features are the same, and nothing is compiled twice.
packages=(-p afpi-plugins -p afpi-jobs -p afpi)
cargo bench --no-run "${packages[@]}" "${@/#/--bench=}"
for bench in "$@"; do
    echo "== $bench"
    cargo bench -q "${packages[@]}" --bench "$bench"
done
# Another plugin host for comparison, in a workspace of its own that takes minutes to build: EXTISM=1 make bench.
if [ -n "${EXTISM:-}" ]; then cargo run -q --release --manifest-path host/plugins/benches/extism/Cargo.toml; fi
