"""What the commands calibrate and missions print of what they found, on standard error."""

from typing import TYPE_CHECKING

from teritwa.cli.console import print_message

if TYPE_CHECKING:
    from teritwa.analysis.calibration.calibrate import Calibration
    from teritwa.analysis.calibration.tempering import Step
    from teritwa.analysis.missions.study import Study


def print_step(step: "Step") -> None:
    """Print on standard error how many pasts are left after a step of a calibration."""
    accepted = ", ".join(f"{share:.0%} of {kind}" for kind, share in step.accepted.items())
    print_message(
        f"power {step.power:.3f}: worth {step.worth:.0f} pasts, from {step.ancestors} "
        f"of the beginning; moves kept: {accepted}; log likelihood {step.mean:.1f}"
    )


def print_calibration(found: "Calibration") -> None:
    """Print on standard error which targets the posterior misses, and what 2024 informs."""
    from teritwa.analysis.calibration.tables import fit_table, parameter_table

    fit, informed = fit_table(found), parameter_table(found)["informed"]
    targets = zip(fit["target"], fit["inside"], strict=True)
    missed = [f"missed: {name}" for name, inside in targets if inside == "no"]
    total = len(fit["target"])
    count = f"{total - len(missed)} of {total} targets"
    print_message("\n".join((f"{count} are within the 90 % band of the posterior", *missed)))
    count = f"{informed.count('yes')} of {len(informed)}"
    print_message(f"The 2024 data constrain {count} uncertain parameters")


def print_missions(found: "Study") -> None:
    """Print on standard error how well each group of past missions is predicted from the others."""
    from teritwa.analysis.analog import REQUIRED_SHARE
    from teritwa.analysis.missions.left_out import coverage, group_scores

    for one in group_scores(found.predictions):
        score = f"log score {one.predicted:.1f}, from the prior alone {one.prior:.1f}"
        print_message(f"{one.group}, {one.figures} figures: {score} (± {one.error:.1f})")
    held, figures, probability = coverage(found.predictions)
    print_message(f"{held} of {figures} figures lie in their 80 % interval (p {probability:.2f})")
    for gain in found.gains:
        points = f"takes {gain.mean:.1f} points ({gain.mean_low:.1f} to {gain.mean_high:.1f})"
        share = f"{gain.between_missions:.0%} of the variance lies between missions"
        print_message(f"{gain.doctrine}, spread {gain.spread}: {points}; {share}")
    better = (found.pairs.differences("influence_60") < 0).mean()
    wanted = f"{REQUIRED_SHARE:.0%} wanted"
    print_message(f"held does better than left in {better:.0%} of pairs, {wanted}")
