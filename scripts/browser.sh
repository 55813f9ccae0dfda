#!/bin/sh
# Sees to it that the tests find a Chromium, and the one library that Playwright's driver wants from
# the system. Root installs Debian's packages; anyone else gets them unpacked in .tools/debian,
# with a starting script in .tools/bin.
set -eu
cd "$(dirname "$0")/.."
root="$PWD/.tools/debian"
start="$PWD/.tools/bin/chromium"
libraries="$root/usr/lib/$(uname -m)-linux-gnu"

missing=""
if ! command -v chromium >/dev/null && [ ! -x "$start" ]; then
    missing="chromium fontconfig-config fonts-liberation"
fi
if ! LD_LIBRARY_PATH="$libraries" .venv/lib/python3*/site-packages/playwright/driver/node \
    --version >/dev/null 2>&1; then
    missing="$missing libatomic1"
fi
if [ -z "$missing" ]; then exit; fi

echo "make: fetching for the browser tests: $missing" >&2
if ! command -v apt-get >/dev/null; then
    echo "make: this machine has no apt-get to fetch them with. Install them by hand, so that" >&2
    echo "'chromium' is on the PATH, and try again." >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    apt-get --quiet=2 update
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 --yes --no-install-recommends install \
        $missing >/dev/null
    exit
fi

# shellcheck disable=SC2086
sh scripts/debian.sh "$root" $missing
if command -v chromium >/dev/null; then exit; fi
# Fontconfig's own settings name folders of the system, not those the fonts were unpacked to.
cat >"$root/fonts.conf" <<END
<?xml version="1.0"?>
<fontconfig>
  <dir>$root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>$root/cache</cachedir>
</fontconfig>
END
# Some libraries lie in folders of their own, which programs of an installed package know of.
folders=$(find "$root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
mkdir -p "$(dirname "$start")"
cat >"$start" <<END
#!/bin/sh
export LD_LIBRARY_PATH="$folders"
export FONTCONFIG_FILE="$root/fonts.conf"
exec "$root/usr/lib/chromium/chromium" "\$@"
END
chmod +x "$start"
