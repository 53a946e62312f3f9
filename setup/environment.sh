#!/bin/sh
# Make a virtual environment and install pinned requirements into it, unless nothing has changed:
#   environment.sh FOLDER PYTHON_VERSION REQUIREMENTS...
set -eu
folder=$1 version=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)

fingerprint=$( (echo "$version"; cat "$@") | sha256sum | cut -d' ' -f1)
stamp=$folder/.installed-$(basename "$1" .txt)
if [ -x "$folder/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$fingerprint" ]; then
    exit 0
fi

if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then # none, or broken off half way
    rm -rf "$folder"
    python=$("$here/find-python.sh" "$version")
    if ! "$python" -m venv "$folder"; then
        rm -rf "$folder"
        echo "Python $version cannot make a virtual environment here. Get that with:" \
            " sudo apt-get install python$version-venv" >&2
        exit 1
    fi
fi
echo "Installing $* into $folder (about two minutes the first time) ..."
set -- $(printf -- '-r %s ' "$@")
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
echo "$fingerprint" > "$stamp"
