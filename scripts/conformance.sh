#!/usr/bin/env bash
# Checks a running demo against its OpenAPI document with Schemathesis: conformance.sh <url>. This changes the demo's
# data. The demo must run with AFPI_TRUSTED_PROXIES=127.0.0.1 (`conformance/hooks.py`). Installs Schemathesis into a
# folder of its own beside cargo's output.
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
