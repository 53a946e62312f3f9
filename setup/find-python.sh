#!/bin/sh
# Print an interpreter of the wanted version that really runs: find-python.sh 3.10
# Order: on the path, pyenv's versions, uv's. Otherwise say the one command to get it.
set -u
wanted=$1

runs() {
    [ -n "$1" ] && "$1" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$wanted')" \
        >/dev/null 2>&1
}

for candidate in \
    "$(command -v "python$wanted")" \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$wanted".*/bin/python \
    "$HOME"/.local/share/uv/python/cpython-"$wanted".*/bin/python"$wanted" \
    /usr/bin/python"$wanted" \
    /usr/local/bin/python"$wanted" \
    "$(command -v python3)"; do
    if runs "$candidate"; then
        # A pyenv shim depends on the folder it is called in; the interpreter behind it does not.
        "$candidate" -c 'import sys; print(sys.executable)'
        exit 0
    fi
done

if command -v uv >/dev/null 2>&1; then
    uv python install "$wanted" >&2 && uv python find "$wanted" && exit 0
fi

if command -v pyenv >/dev/null 2>&1; then
    mend="pyenv install $wanted"
elif apt-cache show "python$wanted-venv" >/dev/null 2>&1; then
    mend="sudo apt-get install python$wanted python$wanted-venv"
else
    mend="python3 -m venv ~/.uv && ~/.uv/bin/pip install uv && ~/.uv/bin/uv python install $wanted"
fi
echo "Parley needs Python $wanted, and none runs here. Get it with:  $mend" >&2
exit 1
