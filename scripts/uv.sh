#!/bin/sh
# Prints the path of uv, the installer. Where the machine has none, fetches it into .tools with
# whatever pip can be had. Debian's python3 comes without pip and without venv, so the last way is
# Debian's own pip package, unpacked in a private folder: it needs no root and changes no system.
set -eu
cd "$(dirname "$0")/.."

if command -v uv; then exit; fi
uv="$PWD/.tools/uv/bin/uv"
if [ -x "$uv" ] && "$uv" --version >/dev/null 2>&1; then
    echo "$uv"
    exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if python3 -m pip --version >/dev/null 2>&1; then
    pip="python3 -m pip"
elif python3 -m venv "$work/venv" >/dev/null 2>&1; then
    pip="$work/venv/bin/python -m pip"
elif sh scripts/debian.sh "$work/debian" python3-pip-whl >"$work/log" 2>&1; then
    pip="python3 $(echo "$work"/debian/usr/share/python-wheels/pip-*.whl)/pip"
else
    cat "$work/log" >&2
    echo "make: uv could not be installed: there is no uv, no pip and no venv on this machine," >&2
    echo "and Debian's python3-pip-whl could not be fetched (the reason is above)." >&2
    echo "Install one of them (on Debian: apt-get install python3-venv) and try again." >&2
    exit 1
fi

rm -rf .tools/uv
PIP_ROOT_USER_ACTION=ignore $pip install --quiet --no-warn-script-location --disable-pip-version-check \
    --require-hashes --target .tools/uv --requirement locks/uv.txt >&2
echo "$uv"
