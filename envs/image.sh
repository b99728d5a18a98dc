#!/bin/sh
# Install the locked requirements beside this file into /opt/retrace of a Debian image, without what
# no run needs. Used by the Containerfile and by the Apptainer definition, so that both hold the same.
set -eu
envs=$(dirname "$0")

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends python3 python3-venv

python3 -m venv /opt/retrace
PIP_NO_CACHE_DIR=1 sh "$envs/install.sh" /opt/retrace/bin/python "$envs/requirements.txt"

# A third of the size: the packages' own tests, sample data, C headers and sources, solvers for
# other systems, and the parts of Arrow that talk to servers.
cd /opt/retrace/lib/python3*/site-packages
find . -depth -type d \( -name tests -o -name include \) -exec rm -rf {} +
find . -type f \( -name '*.pyi' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.c' -o -name '*.cpp' \
    -o -name '*.h' -o -name '*.a' \) -delete
find statsmodels/datasets -name '*.csv' -delete
case $(uname -m) in aarch64) machine=arm64 ;; *) machine=i64 ;; esac
find pulp/solverdir/cbc -type f ! -path "*/linux/$machine/*" -delete
find pyarrow -name '*flight*' -delete -o -name '*s3*.so*' -delete
/opt/retrace/bin/pip uninstall --yes --quiet pip setuptools

# Bytecode belongs into the image: nobody can write it there later.
python3 -m compileall -q -j 0 /opt/retrace/lib

apt-get purge --yes --auto-remove python3-venv 'python3.*-venv'
apt-get clean
rm -rf /var/lib/apt/lists/* /var/log/*.log /var/log/apt /var/cache/debconf/*-old /root/.cache
