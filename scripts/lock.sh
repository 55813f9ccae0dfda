#!/bin/sh
# Writes the versions that pyproject.toml allows to locks/, with hashes and without any
# index address. Versions stay as they are unless asked: lock.sh --upgrade, or
# lock.sh --upgrade-package django.
set -eu
cd "$(dirname "$0")/.."
uv=$(sh scripts/uv.sh)
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-annotate "$@"
}
compile "$@" pyproject.toml --extra demo --group build --output-file locks/run.txt
compile "$@" pyproject.toml --extra demo --extra assess --group build --group test --group bench \
    --constraint locks/run.txt --output-file locks/all.txt
echo uv | compile "$@" - --output-file locks/uv.txt
