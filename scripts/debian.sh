#!/bin/sh
# debian.sh FOLDER PACKAGE...
# Unpacks Debian packages, and those they depend on that the system lacks, into FOLDER. Works
# without root and leaves the system alone: apt is given lists, cache and locks of its own.
set -eu
folder=$1
shift

state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
mkdir -p "$folder" "$state/lists/partial" "$state/archives/partial"
private_apt() {
    apt-get --quiet=2 \
        -o Dir::State="$state" -o Dir::State::Lists="$state/lists" \
        -o Dir::State::Status=/var/lib/dpkg/status \
        -o Dir::Cache="$state" -o Dir::Cache::Archives="$state/archives" \
        -o Debug::NoLocking=true -o APT::Sandbox::User="$(id -un)" "$@"
}
private_apt update
private_apt install --yes --reinstall --download-only --no-install-recommends "$@"
for package in "$state"/archives/*.deb; do
    dpkg-deb --extract "$package" "$folder"
done
