#!/usr/bin/env bash
# Builds the web application when a source is newer than the last build.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -f dist/web/index.html ] && [ -z "$(find web/src web/public web/openapi.json web/angular.json web/package-lock.json web/scripts -newer dist/web/index.html -print -quit)" ]; then
    exit 0
fi
NG_CLI_ANALYTICS=false ./scripts/step.sh "the web application" npm --prefix web run build
touch dist/web/index.html
