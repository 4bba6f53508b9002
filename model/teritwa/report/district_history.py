"""The history of a district in plain sentences: what all runs say, and what happened in one."""

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from teritwa.analysis.district_history import Run, Story
from teritwa.analysis.district_replay import BACK, DRIVEN, Chapter, Retold

WEEKLY = "Places are stored by the week, so what happens within a week goes unseen"


def sentences(story: Story) -> list[str]:
    """Return what all runs say of a district, a line a subject."""
    first, last = (written(day.item()) for day in (story.weeks[0], story.weeks[-1]))
    where = "in the capital" if story.metropolitan else "outside the capital"
    runs = "1 run" if len(story.pairs) == 1 else f"{len(story.pairs)} runs"
    return [
        f"{story.name}, {where}: {runs}, {first} to {last}. {WEEKLY}.",
        _held(story),
        _fallen(story),
        _regained(story),
        f"Gang influence: {_change(100 * story.influence, ' %')}.",
        f"Residents at home: {_change(story.residents)}.",
        f"Displaced people who stay there: {_change(story.hosted)}.",
        f"Officers posted there: {_change(story.officers)}.",
        f"Gang fighters there: {_change(story.fighters)}.",
        _events(story),
    ]


def _held(story: Story) -> str:
    start, end = (float(share) for share in story.held.mean(axis=0)[[0, -1]])
    return f"Gangs hold it in {_percent(start)} of the runs at the start and in {_percent(end)} at the end."


def _fallen(story: Story) -> str:
    fell, count = story.first_falls, len(story.pairs)
    if not fell:
        return "It falls from the state to gangs in no run."
    days = np.array(fell, "datetime64[D]").astype(int)
    low, middle, high = np.quantile(days, [0.05, 0.5, 0.95], method="inverted_cdf").astype("datetime64[D]")
    share = f"{_percent(len(fell) / count)} of the runs ({len(fell)} of {count})"
    often = f"It falls from the state to gangs at least once in {share}"
    if len(fell) == 1:
        return f"{often}, in the week to {written(fell[0])}."
    spread = f"nine tenths from {written(low.item())} to {written(high.item())}"
    return f"{often}; half of these first falls come by {written(middle.item())}, {spread}."


def _regained(story: Story) -> str:
    times = story.regained.sum(axis=1)
    won = int((times > 0).sum())
    if won == 0:
        return "The state regains it in no run."
    share = f"{_percent(won / len(times))} of the runs ({won} of {len(times)})"
    most = int(times.max())
    return f"The state regains it in {share}, {'once each' if most == 1 else f'up to {most} times'}."


def _change(values: NDArray[np.float64], unit: str = "") -> str:
    """The median at the start, and the median and nine tenths of the runs at the end."""
    start = float(np.median(values[:, 0]))
    low, median, high = (float(level) for level in np.quantile(values[:, -1], [0.05, 0.5, 0.95]))
    ends = f"(90 % of the runs: {low:,.0f} to {high:,.0f}{unit})"
    return f"median {start:,.0f}{unit} at the start, {median:,.0f}{unit} at the end {ends}"


def _events(story: Story) -> str:
    if story.events is None:
        return "Whether the scenario names it cannot be told: it has changed since it ran."
    if not story.events:
        return "No dated event of the scenario names it."
    named = (f"{written(day)} {words.rstrip('?')}{' (not in every run)' if '?' in words else ''}"
             for day, words in story.events)  # fmt: skip
    return f"Events of the scenario that name it: {'; '.join(named)}."


def sentences_of_run(told: Retold) -> list[str]:
    """Return what happened in one run, a line a chapter."""
    head = f"Run {told.pair[0]}.{told.pair[1]}, told day by day by running it again:"
    return [head, *(_chapter(chapter) for chapter in told.chapters)]


def sentences_by_week(story: Story, pair: Run) -> list[str]:
    """Return what is stored of one run: when the district fell, and when the state regained it."""
    run = story.pairs.index(pair)
    turns = [
        f"{written(day.item())} {'it falls' if fell else 'the state regains it'}"
        for day, fell, won in zip(story.weeks, story.falls[run], story.regained[run], strict=True)
        if fell or won
    ]
    start, end = ("gangs" if held else "the state" for held in story.held[run, [0, -1]])
    between = "; by ".join(turns)
    told = f"by {between}" if turns else "it never changes hands"
    return [f"Run {pair[0]}.{pair[1]}, by the week: held by {start} at the start; {told}; held by {end} at the end."]


def _chapter(chapter: Chapter) -> str:
    days = (chapter.last - chapter.first).days + 1
    holders = list(chapter.holders)
    who = holders[0] if len(holders) == 1 else f"contested (in days, {_counted(chapter.holders)})"
    span = written(chapter.first) if days == 1 else f"{written(chapter.first)} to {written(chapter.last)}"
    parts = [*_by_gangs(chapter), *_by_forces(chapter), *_turns(chapter)]
    parts.append(f"displaced from it as this ends: {chapter.away:,}")
    told = ". ".join(part[0].upper() + part[1:] for part in parts)
    return f"{span} ({days} {'day' if days == 1 else 'days'}), {who}: {told}."


def _by_gangs(chapter: Chapter) -> Iterator[str]:
    """What gangs did, and who fled."""
    if chapter.attacks:
        yield f"gangs attack {_times(sum(chapter.attacks.values()))} ({_counted(chapter.attacks)})"
    if chapter.preyed:
        yield f"those who hold it attack its people {_times(chapter.preyed)}"
    harm = [f"{verb} {_people(count, 'civilian')}"
            for verb, count in (("kill", chapter.killed), ("kidnap", chapter.kidnapped)) if count]  # fmt: skip
    if harm:
        yield f"gangs {' and '.join(harm)}"
    if chapter.fled:
        yield f"{_people(chapter.fled, 'resident')} {'flees' if chapter.fled == 1 else 'flee'}"


def _by_forces(chapter: Chapter) -> Iterator[str]:
    """On how many days forces operated, and at what cost."""
    there = [f"{force} {days:,}" for force, days in chapter.operated.items() if days]
    if there:
        yield f"days with operations: {', '.join(there)}"
    if chapter.bystanders:
        yield f"forces kill {_people(chapter.bystanders, 'civilian')}"


def _turns(chapter: Chapter) -> Iterator[str]:
    """What opened, closed, and came back, with its dates."""
    for words in (DRIVEN, BACK):
        days = [day for day, turn in chapter.turns if turn == words]
        if days:
            when = f"on {written(days[0])}" if len(days) == 1 else (
                f"{_times(len(days))}, first on {written(days[0])}, last on {written(days[-1])}"
            )  # fmt: skip
            yield f"{words} {when}"
    others = [(day, turn) for day, turn in chapter.turns if turn not in (DRIVEN, BACK)]
    for day, turn in others:
        yield f"{turn} on {written(day)}"


def written(day: date) -> str:
    """Return a date as a newspaper writes it."""
    return f"{day.day} {day:%B} {day.year}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _people(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _counted(counts: dict[str, int]) -> str:
    return "; ".join(f"{name}: {count:,}" for name, count in counts.items())


def _percent(share: float) -> str:
    """A share in whole per cent, but never none or all where it is not quite."""
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "under 1 %"
    return "over 99 %" if whole == 100 and share < 1 else f"{whole} %"
