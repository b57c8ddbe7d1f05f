#!/usr/bin/env bash
# Prints the figures: plugin calls beside bare wasmtime, and the job queues.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo bench -q -p afpi-plugins --bench calls
cargo bench -q -p afpi-jobs --bench queue
