"""The history of a district in sentences: over all runs, and in one run by week or by day."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.district_history import DistrictHistory, Run
from teritwa.analysis.district_replay import DRIVEN_OUT, RETURNED, DistrictReplay, Episode
from teritwa.engine.formatting import (
    format_count,
    format_date,
    format_frequency,
    format_integer,
    format_times,
)

WEEKLY = "Places are stored by the week, so what happens within a week goes unseen"


def history_sentences(history: DistrictHistory) -> list[str]:
    """Return the history of a district over all runs.

    Args:
        history: The district in all finished runs.

    Returns:
        The sentences, a line a subject.
    """
    first, last = format_date(history.weeks[0]), format_date(history.weeks[-1])
    where = "in the capital" if history.metropolitan else "outside the capital"
    runs = format_count(len(history.pairs), "run")
    return [
        f"{history.name}, {where}: {runs}, {first} to {last}. {WEEKLY}.",
        _control(history),
        _falls(history),
        _regained(history),
        f"Gang influence: {_change(100 * history.influence, ' %')}.",
        f"Residents at home: {_change(history.residents)}.",
        f"Displaced people who stay there: {_change(history.hosted)}.",
        f"Officers posted there: {_change(history.officers)}.",
        f"Gang fighters there: {_change(history.fighters)}.",
        _events(history),
    ]


def _control(history: DistrictHistory) -> str:
    """Return in how many runs gangs hold the district at the start and at the end."""
    start, end = (format_frequency(float(share)) for share in history.held.mean(axis=0)[[0, -1]])
    return f"Gangs hold it in {start} of the runs at the start and in {end} at the end."


def _falls(history: DistrictHistory) -> str:
    """Return in how many runs the district falls to gangs, and when for the first time."""
    falls = history.first_falls
    if not falls:
        return "It falls from the state to gangs in no run."
    share = _share_of_runs(len(falls), len(history.pairs))
    text = f"It falls from the state to gangs at least once in {share}"
    if len(falls) == 1:
        return f"{text}, in the week to {format_date(falls[0])}."
    days = np.array(falls, "datetime64[D]").astype(int)
    quantiles = np.quantile(days, [0.05, 0.5, 0.95], method="inverted_cdf")
    low, median, high = map(format_date, quantiles.astype("datetime64[D]"))
    return f"{text}; half of these first falls come by {median}, nine tenths from {low} to {high}."


def _regained(history: DistrictHistory) -> str:
    """Return in how many runs the state regains the district, and how often."""
    times = history.regained.sum(axis=1)
    runs, most = int((times > 0).sum()), int(times.max())
    if runs == 0:
        return "The state regains it in no run."
    often = "once each" if most == 1 else f"up to {most} times"
    return f"The state regains it in {_share_of_runs(runs, len(times))}, {often}."


def _share_of_runs(runs: int, total: int) -> str:
    """Return a number of runs as a share of all."""
    return f"{format_frequency(runs / total)} of the runs ({runs} of {total})"


def _change(values: NDArray[np.float64], unit: str = "") -> str:
    """Return the medians, (run, week), at the start and the end, and the interval at the end."""
    start = format_integer(float(np.median(values[:, 0])))
    low, median, high = map(format_integer, np.quantile(values[:, -1], [0.05, 0.5, 0.95]))
    interval = f"90 % of the runs: {low} to {high}{unit}"
    return f"median {start}{unit} at the start, {median}{unit} at the end ({interval})"


def _events(history: DistrictHistory) -> str:
    """Return the events of the scenario that name the district."""
    if history.events is None:
        return "Whether the scenario names it cannot be told: it has changed since it ran."
    if not history.events:
        return "No dated event of the scenario names it."
    named = "; ".join(_event(day, label) for day, label in history.events)
    return f"Events of the scenario that name it: {named}."


def _event(day: date, label: str) -> str:
    """Return an event; a question mark in its label says that it may not happen."""
    condition = " (not in every run)" if "?" in label else ""
    return f"{format_date(day)} {label.rstrip('?')}{condition}"


def weekly_sentences(history: DistrictHistory, pair: Run) -> list[str]:
    """Return the history of a district in one run, by week.

    Args:
        history: The district in all finished runs.
        pair: Draw and replicate of the run.

    Returns:
        One line: who holds the district at both ends, and when it changes hands.
    """
    run = history.pairs.index(pair)
    falls, regained = history.falls[run], history.regained[run]
    changes = [
        f"by {format_date(history.weeks[week])} "
        f"{'it falls' if falls[week] else 'the state regains it'}"
        for week in np.flatnonzero(falls | regained)
    ]
    start, end = ("gangs" if held else "the state" for held in history.held[run, [0, -1]])
    return [
        f"Run {pair[0]}.{pair[1]}, by the week: held by {start} at the start; "
        f"{'; '.join(changes) or 'it never changes hands'}; held by {end} at the end."
    ]


def daily_sentences(replay: DistrictReplay) -> list[str]:
    """Return the history of a district in one run, by day.

    Args:
        replay: The days of the run in the district.

    Returns:
        A heading, and a line an episode.
    """
    draw, replicate = replay.pair
    heading = f"Run {draw}.{replicate}, told day by day by running it again:"
    return [heading, *map(_episode, replay.episodes)]


def _episode(episode: Episode) -> str:
    """Return what happened in one episode."""
    days = (episode.last - episode.first).days + 1
    period = format_date(episode.first)
    if days > 1:
        period = f"{period} to {format_date(episode.last)}"
    parts = [*_actions_of_gangs(episode), *_actions_of_forces(episode), *_changes(episode)]
    displaced = format_integer(episode.displaced_from)
    parts.append(f"displaced from it as this ends: {displaced}")
    text = ". ".join(part[0].upper() + part[1:] for part in parts)
    return f"{period} ({format_count(days, 'day')}), {_holders(episode)}: {text}."


def _holders(episode: Episode) -> str:
    """Return who holds the district in an episode."""
    if len(episode.holders) == 1:
        return next(iter(episode.holders))
    return f"contested (in days, {_counts(episode.holders)})"


def _actions_of_gangs(episode: Episode) -> Iterator[str]:
    """Yield what gangs did, and how many residents fled."""
    if episode.attacks:
        times = format_times(sum(episode.attacks.values()))
        yield f"gangs attack {times} ({_counts(episode.attacks)})"
    if episode.attacks_by_holder:
        yield f"those who hold it attack its people {format_times(episode.attacks_by_holder)}"
    if episode.killed or episode.kidnapped:
        yield f"gangs {_victims(episode)}"
    if episode.fled:
        verb = "flees" if episode.fled == 1 else "flee"
        yield f"{format_count(episode.fled, 'resident')} {verb}"


def _victims(episode: Episode) -> str:
    """Return how many civilians gangs killed and kidnapped."""
    harm = (("kill", episode.killed), ("kidnap", episode.kidnapped))
    return " and ".join(
        f"{verb} {format_count(count, 'civilian')}" for verb, count in harm if count
    )


def _actions_of_forces(episode: Episode) -> Iterator[str]:
    """Yield on how many days forces operated, and how many civilians they killed."""
    days = [
        f"{force} {format_integer(count)}" for force, count in episode.operated.items() if count
    ]
    if days:
        yield f"days with operations: {', '.join(days)}"
    if episode.bystanders:
        yield f"forces kill {format_count(episode.bystanders, 'civilian')}"


def _changes(episode: Episode) -> Iterator[str]:
    """Yield what opened, closed and came back, with its dates."""
    for text in (DRIVEN_OUT, RETURNED):
        yield from _repeated_change(
            text, [day for day, change in episode.changes if change == text]
        )
    for day, change in episode.changes:
        if change not in (DRIVEN_OUT, RETURNED):
            yield f"{change} on {format_date(day)}"


def _repeated_change(text: str, days: Sequence[date]) -> Iterator[str]:
    """Yield a change that may happen on several days; nothing if it never happens."""
    if days:
        yield f"{text} {_dates(days)}"


def _dates(days: Sequence[date]) -> str:
    """Return when something happened: the day, or how often with the first and the last day."""
    if len(days) == 1:
        return f"on {format_date(days[0])}"
    first, last = format_date(days[0]), format_date(days[-1])
    return f"{format_times(len(days))}, first on {first}, last on {last}"


def _counts(counts: dict[str, int]) -> str:
    """Return counts by name."""
    return "; ".join(f"{name}: {format_integer(count)}" for name, count in counts.items())
