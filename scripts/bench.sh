#!/usr/bin/env bash
# Prints the figures: plugin calls beside bare wasmtime, the job queues, and a whole synchronisation.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo bench -q -p afpi-plugins --bench calls
cargo bench -q -p afpi-jobs --bench queue
cargo bench -q -p afpi --bench sync
