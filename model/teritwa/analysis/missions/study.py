"""The whole study of past missions: runs, what is learned, predictions, and the tables kept."""

from dataclasses import dataclass
from pathlib import Path

from teritwa.analysis.analog import Analog
from teritwa.analysis.calibration.waves import Progress
from teritwa.analysis.missions.gains import Gain, gains
from teritwa.analysis.missions.learning import Learned, PastMissions, Work, learn
from teritwa.analysis.missions.left_out import Prediction, predict_all
from teritwa.analysis.missions.population import SPREAD, learn_population
from teritwa.analysis.missions.tables import left_and_held, save
from teritwa.analysis.record_tables import records_csv
from teritwa.engine.files import write_text
from teritwa.ensemble.executors import open_executor


@dataclass(frozen=True)
class Study:
    """What was learned and predicted, gained and held; the table of what one mission more does."""

    learned: Learned
    predictions: tuple[Prediction, ...]
    gains: tuple[Gain, ...]
    pairs: Analog
    effects: Path


def study(
    missions: PastMissions, folder: Path, *, jobs: int | None = None, progress: Progress
) -> Study:
    """Run, learn, predict each group from the others, and write the tables.

    Args:
        missions: The groups and their scenarios.
        folder: Where tables and runs are kept; finished runs are not done again.
        jobs: Number of local workers; None means one a core.
        progress: Called after each block of runs.
    """
    with open_executor(jobs) as executor:
        work = Work(folder / "runs", executor, progress)
        learned = learn(missions, work)
        predictions = predict_all(learned, work)
        effects = save(learned, predictions, folder)
        found = gains(learned.populations, folder, work)
        write_text(folder / "gains.csv", records_csv(Gain, found))
    others = learn_population(missions.groups, learned.emulators, SPREAD, without="cite-soleil")
    pairs = left_and_held(learned, others, folder)
    pairs.save(folder)
    return Study(learned, predictions, found, pairs, effects)
