#!/bin/sh
# Sees to it that the tests find a Chromium: the machine's own, else Debian's package, installed by
# root or, without root, unpacked with its libraries under .tools behind a small starting script.
set -eu
cd "$(dirname "$0")/.."
start="$PWD/.tools/bin/chromium"
if command -v chromium >/dev/null || [ -x "$start" ]; then exit; fi

echo "make: fetching Chromium for the tests" >&2
if ! command -v apt-get >/dev/null; then
    echo "make: there is no chromium on this machine and no apt-get to fetch it with." >&2
    echo "Install Chromium so that 'chromium' is on the PATH, and try again." >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    apt-get --quiet=2 update
    DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 --yes --no-install-recommends install \
        chromium fonts-liberation >/dev/null
    exit
fi

root="$PWD/.tools/chromium"
rm -rf "$root"
sh scripts/debian.sh "$root" chromium fonts-liberation fontconfig-config
library="$root/usr/lib/$(uname -m)-linux-gnu"
mkdir -p "$(dirname "$start")"
# Fontconfig's settings name absolute folders, so the unpacked fonts need settings of their own.
cat >"$root/fonts.conf" <<END
<?xml version="1.0"?>
<fontconfig>
  <dir>$root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>$root/cache</cachedir>
</fontconfig>
END
cat >"$start.part" <<END
#!/bin/sh
export LD_LIBRARY_PATH="$library:$root/lib/$(uname -m)-linux-gnu"
export FONTCONFIG_FILE="$root/fonts.conf"
exec "$root/usr/lib/chromium/chromium" "\$@"
END
chmod +x "$start.part"
mv "$start.part" "$start"
