#!/bin/sh
# Sees to it that the tests find MariaDB's server program: the system's, or Debian's package unpacked
# in .tools/mariadb. Nothing is installed into the system and no service is started.
set -eu
cd "$(dirname "$0")/.."
root="$PWD/.tools/mariadb"

if [ -x /usr/sbin/mariadbd ] || [ -x "$root/usr/sbin/mariadbd" ]; then exit; fi

echo "make: fetching for the tests of outside databases: mariadb-server-core" >&2
if ! command -v apt-get >/dev/null; then
    echo "make: this machine has no apt-get to fetch it with. Install MariaDB by hand, so that" >&2
    echo "/usr/sbin/mariadbd is there, and try again." >&2
    exit 1
fi
sh scripts/debian.sh "$root" mariadb-server-core
