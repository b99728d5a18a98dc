#!/usr/bin/env bash
# Ways to send many small jobs to SLURM: how long each takes, what it asks for, how much runs at once.
# Usage: measure.sh FOLDER [JOBS], on a machine whose SLURM runs jobs, with Snakemake on the PATH.
# FOLDER takes a copy of the checkout; JOBS (8) copies of one paper are the small jobs' work.
set -euo pipefail
folder=$1 jobs=${2:-8}
origin=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$folder"
cp -r "$origin"/{Snakefile,config,envs,profiles,resources,workflow} "$folder"
cd "$folder"
mkdir papers
targets=()
for i in $(seq "$jobs"); do
    cp -r resources/papers/magni2022 "papers/copy$i"
    targets+=("results/studies/copy$i/study.json")
done
slurm=(--executor slurm --jobs "$jobs" --slurm-status-command squeue --slurm-no-account
    --seconds-between-status-checks 2 --slurm-init-seconds-before-status-checks 2
    --default-resources slurm_partition=main mem_mb=500 runtime=5)

measure() { # name, command
    local name=$1
    shift
    rm -rf results .snakemake
    squeue -h -t all -o '%A' | sort > before
    local start end
    start=$(date +%s.%N)
    timeout 300 "$@" --workflow-profile none --config 'papers=["papers"]' -- "${targets[@]}" \
        > "$name.log" 2>&1 || echo "$name: gave up"
    end=$(date +%s.%N)
    squeue -h -t all -o '%A' | sort > after
    echo "$name: $(echo "$end - $start" | bc) s"
    for job in $(comm -13 before after); do
        scontrol show job "$job" | grep -oE 'JobId=[0-9]+|NumCPUs=[0-9]+|TRES=[^ ]+|TimeLimit=[^ ]+|RunTime=[^ ]+' | tr '\n' ' '
        echo
    done
    find results -name study.json -printf '%T@\n' | sort \
        | awk 'NR == 1 {first = $1} {printf "%s %.1f", NR == 1 ? "  results after the first (s):" : "", $1 - first} END {print ""}'
}

measure local snakemake --cores 2
measure each-alone snakemake "${slurm[@]}"
# Groups that fit the node: one of all jobs asks for more cores than it has and never starts.
measure groups-of-2 snakemake "${slurm[@]}" --groups check_study=many --group-components many=2
measure array snakemake "${slurm[@]}" --slurm-array-jobs check_study
measure one-submission srun -c 2 --mem 1000 snakemake --cores 2
