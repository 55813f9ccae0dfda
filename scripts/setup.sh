#!/bin/sh
# setup.sh run|all
# Makes .venv hold exactly what locks/<set>.txt names, and the project itself, editable. `run` is
# what an installation needs, `all` adds tests and benchmarks. Does nothing when that is so already.
set -eu
cd "$(dirname "$0")/.."
want=$1

state="$PWD $(cat locks/run.txt locks/all.txt pyproject.toml | cksum)"
have=$(cat .venv/.installed 2>/dev/null || true)
if [ "$have" = "$state $want" ] || [ "$have" = "$state all" ]; then exit; fi

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "make: Python 3.11 or later is needed as python3; found: $(python3 --version 2>&1)" >&2
    exit 1
fi

echo "make: installing the locked dependencies into .venv" >&2
uv=$(sh scripts/uv.sh)
# uv does not read pip's settings. Where a machine names its package index to pip only, pass it on.
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    index=${PIP_INDEX_URL:-$(python3 -m pip config get global.index-url 2>/dev/null || true)}
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
fi
export UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$PWD/.venv"
rm -f .venv/.installed
if ! .venv/bin/python -c '' 2>/dev/null; then
    rm -rf .venv
    "$uv" venv --quiet --no-project --python "$(command -v python3)" .venv
fi
# Compiled here once: a process would otherwise compile a thousand modules every time it starts.
"$uv" pip sync --quiet --compile-bytecode --require-hashes "locks/$want.txt"
# The build requirements are in the lock, so nothing is fetched here that has no hash.
"$uv" pip install --quiet --no-deps --no-build-isolation --editable .
echo "$state $want" >.venv/.installed
