#!/usr/bin/env bash
# Holds a running demo against its OpenAPI document with Schemathesis: conformance.sh <url>. The demo is changed by it,
# and has to run with AFPI_TRUSTED_PROXIES=127.0.0.1 (`conformance/hooks.py`). Installs
# Schemathesis into a folder of its own beside what cargo builds.
set -euo pipefail
url="$1"
cd "$(dirname "$0")/conformance"
home="${CARGO_TARGET_DIR:-$PWD/../../target}/conformance"
if ! cmp -s requirements.txt "$home/requirements.txt"; then
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/pip" install -q --disable-pip-version-check -r requirements.txt
    cp requirements.txt "$home/"
fi
exec "$home/bin/schemathesis" run "$url/api/openapi.json"
