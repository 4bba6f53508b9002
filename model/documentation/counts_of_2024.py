"""Write what a result gives for the figures of 2024 beside what was counted, as CSV.

python model/documentation/counts_of_2024.py RESULT > results/reference/counts.csv
"""

import csv
import sys
from pathlib import Path

import numpy as np

from teritwa.analysis.calibration.count_table import targets
from teritwa.analysis.calibration.result_runs import quantities_of
from teritwa.ensemble.result import open_result

QUANTILES = (0.05, 0.5, 0.95)
HEADER = ("target", "observed", "q05", "q50", "q95", "ratio")


def main(folder: str) -> None:
    """Print a line for each figure: counted, quantiles over runs, and median over counted."""
    result = open_result(Path(folder))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(HEADER)
    for target, values in zip(targets(), quantities_of(result, targets()).T, strict=True):
        found = np.quantile(values, QUANTILES)
        ratio = found[1] / target.observed if target.observed else float("nan")
        numbers = (target.observed, *found, ratio)
        writer.writerow([target.name, *(f"{number:.6g}" for number in numbers)])


if __name__ == "__main__":
    main(sys.argv[1])
