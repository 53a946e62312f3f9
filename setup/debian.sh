#!/bin/sh
# Install the Debian packages that the full tests use; without root, say which are missing.
set -u
missing=
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v flite >/dev/null 2>&1 || missing="$missing flite"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$missing ..."
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # one package a word
    if apt-get install -qq -y $missing >/dev/null 2>&1 ||
        { apt-get update -qq && apt-get install -qq -y $missing >/dev/null; }; then
        exit 0
    fi
fi
echo "Some tests need$missing and will be left out. Get them with:  sudo apt-get install$missing" >&2
