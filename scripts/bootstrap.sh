#!/bin/sh
# Make .venv and install lth into it: scripts/bootstrap.sh run|test|dev
# Only what requirements.lock (for tests requirements-dev.lock) pins is installed, and each file only
# if it is the very one that was locked. PYTHON=... chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

want=${1:-run}
venv=.venv
case $want in
    run) lock=requirements.lock stamps="run" ;;
    test | dev) lock=requirements-dev.lock stamps="run test dev" ;;
    *) echo "usage: scripts/bootstrap.sh run|test|dev" >&2; exit 2 ;;
esac

recent_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if command -v "$candidate" >/dev/null && recent_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    echo "lth needs Python 3.11 or later${PYTHON:+, which $PYTHON is not}." >&2
    echo "On Debian 12 or Ubuntu 24.04 and later: sudo apt-get install python3 python3-venv" >&2
    exit 1
}

check_venv() {
    if "$1" -c 'import ensurepip, venv' 2>/dev/null; then
        return
    fi
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$1 (Python $version) cannot make virtual environments." >&2
    if command -v apt-get >/dev/null; then
        echo "Install what it lacks, then run this again:" >&2
        echo "    sudo apt-get install python$version-venv" >&2
    else
        echo "Install the package of your system that holds its 'venv' and 'ensurepip'." >&2
    fi
    exit 1
}

if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    check_venv "$python"
    echo "Making $venv with $python"
    "$python" -m venv --clear "$venv"
fi

install() {
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
        --root-user-action=ignore "$@"
}

echo "Installing what '$want' needs"
install --require-hashes --requirement "$lock"
install --no-deps --no-build-isolation --no-index --editable .
for stamp in $stamps; do
    touch "$venv/.lth-$stamp"
done
