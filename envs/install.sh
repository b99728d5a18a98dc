#!/bin/sh
# install.sh PYTHON LOCK...: install what locks name into a Python's environment. Every installation
# goes through here: .venv, the images, the tests. No resolver takes part and nothing is asked for
# beyond the locks, so what an index has got since they were made changes nothing. Of three packages
# the index has no wheel for every Python; they are built with what requirements-build.txt locks.
set -eu
python=$1
shift
install() {
    # Bytecode is compiled whatever pip's settings are: without it every job starts three times as
    # slowly.
    "$python" -m pip install --quiet --disable-pip-version-check --compile \
        --no-deps --require-hashes "$@"
}
install --requirement "$(dirname "$0")/requirements-build.txt"
for lock; do
    # Older versions of pip build in a way of their own unless told to.
    install --no-build-isolation --use-pep517 --requirement "$lock"
done
# A lock that lacks something that its packages require is not complete.
broken=$("$python" -m pip --disable-pip-version-check check) || {
    echo "$broken" >&2
    exit 1
}
