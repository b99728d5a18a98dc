#!/bin/sh
# environment.sh VENV PYTHON LOCK...: have a virtual environment hold what locks name, the first of
# them the one that the others add to. A copy of each lock is kept in the environment and decides
# whether there is anything to do. One that is of other locks, was cut off while it was made, or no
# longer starts is made anew: nothing of it is left. PYTHON, where it is not empty, is the Python
# wanted; an environment of another version is made anew as well.
set -eu
venv=$1 python=$2
shift 2
envs=$(dirname "$0")

version() {
    "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])'
}

is_current() {
    # Without the first lock's copy it was cut off.
    cmp -s "$1" "$venv/.$(basename "$1")" || return 1
    for copy in "$venv"/.requirements*.txt; do
        cmp -s "$copy" "$envs/$(basename "$copy" | cut -c 2-)" || return 1
    done
    version=$(version "$venv/bin/python" 2> /dev/null) || return 1
    test -z "$python" || test "$version" = "$(version "$python")"
}

make_anew() {
    python=${python:-python3}
    found=$(version "$python")
    case $found in
        3.11.* | 3.12.* | 3.13.* | 3.14.*) ;;
        *)
            echo "Retrace needs Python 3.11 to 3.14, $python is $found;" \
                "choose one with make PYTHON=python3.12" >&2
            exit 1
            ;;
    esac
    echo "Making $venv for Python $found ..." >&2
    rm -rf "$venv"
    "$python" -m venv "$venv"
}

is_current "$1" || make_anew
for lock; do
    copy=$venv/.$(basename "$lock")
    if ! test -e "$copy"; then
        echo "Installing $lock into $venv ..." >&2
        sh "$envs/install.sh" "$venv/bin/python" "$lock"
        cp "$lock" "$copy"
    fi
done
