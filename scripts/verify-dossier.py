#!/usr/bin/env python3
"""Checks the archive of a dossier de preuve without network and without the CRM.

    python3 verify-dossier.py preuves-O-2026-00042.zip

An archive of several dossiers is checked dossier by dossier. Every file that the manifest lists must be there with its size and its SHA-256, and there must be no other file.
Prints the faults and ends with 1 if there are any. Needs only Python 3.
"""

import hashlib
import json
import sys
import zipfile

MANIFEST = "manifest.json"
PIECE = 1 << 20


def digest(archive, name):
    """Size and SHA-256 of a file, a piece at a time. Raises BadZipFile when its checksum is wrong."""
    hashed, size = hashlib.sha256(), 0
    with archive.open(name) as content:
        while piece := content.read(PIECE):
            hashed.update(piece)
            size += len(piece)
    return size, hashed.hexdigest()


def is_plain(path):
    """Does the path stay inside the folder where somebody unpacks the archive?"""
    return path and not path.startswith("/") and "\\" not in path and ".." not in path.split("/")


def faults(archive):
    """Yields a sentence for each fault."""
    names = archive.namelist()
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name}: more than once in the archive"
    if MANIFEST not in names:
        yield f"{MANIFEST}: missing"
        return
    try:
        manifest = json.loads(archive.read(MANIFEST))
        listed = {row["path"]: (row["size"], row["sha256"]) for row in manifest["files"]}
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        yield f"{MANIFEST}: cannot be read ({error})"
        return
    if manifest.get("format") != 1:
        yield f"{MANIFEST}: format {manifest.get('format')} is unknown"
    if len(listed) != len(manifest["files"]):
        yield f"{MANIFEST}: lists a file twice"
    for path, expected in sorted(listed.items()):
        if not is_plain(path):
            yield f"{path}: leads out of the archive"
        elif path not in names:
            yield f"{path}: missing"
        else:
            try:
                found = digest(archive, path)
            except (zipfile.BadZipFile, OSError) as error:
                yield f"{path}: cannot be read ({error})"
                continue
            if found != expected:
                yield f"{path}: changed"
    for name in sorted(set(names) - set(listed) - {MANIFEST}):
        yield f"{name}: not in the manifest"


def check(archive):
    """The faults of an archive, and how many files it lists. One that contains only archives is checked in each."""
    names = archive.namelist()
    if not names or not all(name.lower().endswith(".zip") for name in names):
        return list(faults(archive)), len(names) - 1
    found, count = [], 0
    for name in names:
        with archive.open(name) as content, zipfile.ZipFile(content) as inner:
            found += [f"{name}: {fault}" for fault in faults(inner)]
            count += len(inner.namelist()) - 1
    return found, count


def main(arguments):
    if len(arguments) != 1:
        print(__doc__)
        return 2
    try:
        with zipfile.ZipFile(arguments[0]) as archive:
            found, count = check(archive)
    except (OSError, zipfile.BadZipFile) as error:
        found, count = [f"{arguments[0]}: no readable archive ({error})"], 0
    for fault in found:
        print(fault)
    print(f"{len(found)} fault(s)" if found else f"{count} file(s), all as the manifest says")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
