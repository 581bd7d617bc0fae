#!/bin/sh
# Get a Chromium and a font with Chinese characters for the browser tests: Debian's packages where we may install
# them, Playwright's own download elsewhere. Says plainly when neither can be had; the browser tests then fail.
set -u
bin="$1"
have_browser() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; }
have_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; }

if have_browser && have_font; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium and a Chinese font from the system's packages"
    if apt-get install -y -q --no-install-recommends chromium fontconfig fonts-noto-cjk >/dev/null 2>&1; then exit 0; fi
    if apt-get update -q >/dev/null 2>&1 &&
        apt-get install -y -q --no-install-recommends chromium fontconfig fonts-noto-cjk >/dev/null; then exit 0; fi
fi
if have_browser; then
    echo "No font with Chinese characters was found; screenshots will show boxes." >&2
    exit 0
fi
echo "Downloading Chromium through Playwright"
if "$bin/playwright" install chromium; then exit 0; fi
echo "No Chromium could be had, neither from the system's packages nor by download: the browser tests will fail." >&2
exit 0
