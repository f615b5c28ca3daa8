#!/bin/bash
# A sweep by the jobs of a Slurm array, on as many nodes as there are: sbatch array.sh airfoil.csv SPL
# All jobs share the study in sweep.journal, which must lie on a disk that all nodes see. A job that is ended early or
# killed loses one trial, whose settings another job tries again; submit it once more to go on.
#SBATCH --job-name=fitnet-tune
#SBATCH --array=0-7
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --time=01:00:00
#SBATCH --signal=INT@120
#SBATCH --output=tune-%A_%a.txt
set -euo pipefail
table=${1:?the table}
target=${2:?the column to predict}

# SIGINT, two minutes before the end, is Ctrl-C: the best network so far is kept. Whichever job ends last keeps the best.
srun fitnet tune "$table" --target "$target" --trials 400 --storage sweep.journal --out best.fitnet \
	--threads "${SLURM_CPUS_PER_TASK:-1}" --alone
