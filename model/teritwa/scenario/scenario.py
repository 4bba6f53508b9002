"""The scenario: what differs from the world as it was, and what that means in a draw or a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as with_fields
from datetime import date, timedelta
from os.path import relpath
from pathlib import Path

from teritwa.scenario import vocabulary
from teritwa.scenario.actions import Change
from teritwa.scenario.distributions import Distribution
from teritwa.scenario.events import Dated, Event
from teritwa.scenario.history import History
from teritwa.scenario.overrides import Overrides, check
from teritwa.scenario.posterior import Posterior
from teritwa.scenario.reader.period import Runs
from teritwa.scenario.reader.values import Multiple, Value, quantity_of
from teritwa.scenario.serialize import digest, distribution_values, event_lines, resolved_lines

ORIGIN, START = "origin", "start"
"""From when parameters act: from the day after the origin on, or from the first day."""

AFTER_ORIGIN = "own parameters after the origin"
"""Id of the event by which a scenario's parameters take the place of those of the known past."""


@dataclass(frozen=True)
class Scenario:
    """A scenario after ``extends``: immutable, picklable, with the place each value came from.

    ``start`` and ``end`` are both simulated; ``posterior`` is the calibrated ensemble from which
    parameters are drawn; ``params`` holds what differs from it and from the defaults, by full name,
    ``basis`` the ``source`` and ``note`` of those; ``origin`` tells file and line by dotted path;
    ``folder`` is where the file lies, ``world`` None for the default one; ``given`` the text of the
    file as given; ``params_from`` says
    from when ``params`` act where a past is known; ``history`` is what a scenario of one draw
    (`in_draw`) replays up to the origin.
    """

    id: str
    title: str
    question: str
    background: str
    compare_with: str
    world: Path | None
    posterior: Posterior | None
    start: date
    end: date
    draws: int
    replicates: int
    seed: int
    params: dict[str, Value]
    events: tuple[Event, ...]
    sources: dict[str, str]
    basis: dict[str, dict[str, str]]
    origin: dict[str, str]
    folder: Path
    given: str
    params_from: str = ORIGIN
    history: History | None = None

    @property
    def days(self) -> int:
        """Return the number of simulated days, first and last included."""
        return (self.end - self.start).days + 1

    def parameters(self, draw: int) -> dict[str, float]:
        """Return all parameters for a draw: those of the world, the posterior and the scenario."""
        found = {}
        calibrated = self.posterior.values(draw) if self.posterior else {}
        for name, parameter in vocabulary.registry(self.world).items():
            before = calibrated.get(name, parameter.value)
            value = self.params.get(name, before)
            if isinstance(value, Multiple):
                kept = min(max(value.factor * before, parameter.low), parameter.high)
                value = quantity_of(parameter).kept(kept)
            elif isinstance(value, Distribution):
                from teritwa.scenario.sampling import parameter_uniform

                value = quantity_of(parameter).kept(
                    value.quantile(parameter_uniform(self.seed, draw, name))
                )
            found[name] = value
        return found

    def in_draw(self, draw: int) -> "Scenario":
        """Return the scenario with the values of one draw, and without what no run needs.

        Where the posterior knows the past of a draw, its parameters are what they were there up to
        the origin; those of the scenario's own take their place from the day after it, unless
        ``params_from`` is the start. What describes day 0 is of day 0.
        """
        history = self.history_of(draw)
        values = self.parameters(draw)
        events = self.events
        if history and self.posterior and self.params_from == ORIGIN:
            later = self._after_origin(draw, values)
            if later:
                after = history.origin + timedelta(1)
                events = (*events, Event(AFTER_ORIGIN, Change(later), date=after))
        return with_fields(
            self,
            posterior=None,
            history=history,
            params=dict(values),
            events=events,
            draws=draw + 1,
            given="",
            origin={},
            basis={},
            sources={},
        )

    def history_of(self, draw: int) -> History | None:
        """Return what a draw replays up to the origin; None if nothing is known."""
        return self.posterior.history(draw) if self.posterior else self.history

    def _after_origin(self, draw: int, values: dict[str, float]) -> tuple[tuple[str, float], ...]:
        """Set the values of the known past in place of the scenario's own; return the latter."""
        before = with_fields(self, params={}).parameters(draw)
        own = [name for name in sorted(self.params) if not name.endswith("_day0")]
        later = tuple((name, values[name]) for name in own if values[name] != before[name])
        values |= {name: before[name] for name, _ in later}
        return later

    def schedule(self, draw: int, replicate: int) -> tuple[Dated, ...]:
        """Return what happens in one run until the end, sorted by day and event id."""
        from teritwa.scenario.event_dates import known_events, schedule
        from teritwa.scenario.sampling import EventSampler

        history = self.history_of(draw)
        past, known = None, frozenset[str]()
        if history is not None:
            past, known = history.months[0].chance, known_events(self.events, history.origin)
        sampler = EventSampler(self.seed, draw, replicate, past, known)
        return schedule(self.events, self.start, self.end, sampler)

    def calendar(self) -> tuple[tuple[date, str, str], ...]:
        """Return first possible day, event id and a few words of each dated event, for pictures.

        The words end in a question mark where chance or another event decides whether it happens.
        """
        dated = (
            (event.date, event.id, event.action.label() + ("?" if event.uncertain else ""))
            for event in self.events
            if event.date is not None
        )
        return tuple(sorted(entry for entry in dated if entry[0] <= self.end))

    def replace(
        self,
        *,
        draws: int | None = None,
        replicates: int | None = None,
        seed: int | None = None,
        end: date | None = None,
        params: Mapping[str, object] | None = None,
    ) -> "Scenario":
        """Return the scenario with other values.

        Args:
            draws: Number of draws.
            replicates: Number of replicates of each draw.
            seed: Seed of all randomness.
            end: Last simulated day.
            params: Values by full name of a parameter: what a file may give, as a Python value or
                as text (``"{uniform: [1, 2]}"``), or a `Distribution`.

        Raises:
            ScenarioError: If a value is not allowed, as for a file.
        """
        given = {"draws": draws, "replicates": replicates, "seed": seed}
        runs = {key: value for key, value in given.items() if value is not None}
        return self._with(Overrides(end, params or {}, runs))

    def _with(self, overrides: Overrides) -> "Scenario":
        """Return the scenario with overrides, once these are checked."""
        before = Runs(self.draws, self.replicates, self.seed)
        found = check(overrides, before, self.start, self.world)
        kept = {name: basis for name, basis in self.basis.items() if name not in found.params}
        return with_fields(
            self,
            draws=found.runs.draws,
            replicates=found.runs.replicates,
            seed=found.runs.seed,
            end=overrides.end or self.end,
            params={**self.params, **found.params},
            basis={**kept, **found.basis},
            origin=overrides.origin(self.origin),
        )

    def throughout(self, params: Mapping[str, object]) -> "Scenario":
        """Return the scenario with parameters that keep one value from the first day to the last.

        As `replace`, and no event changes them either.
        """
        events = tuple(
            with_fields(event, action=event.action.without(params))
            if isinstance(event.action, Change)
            else event
            for event in self.events
        )
        return with_fields(self.replace(params=params), events=events)

    def resolved(self) -> str:
        """Return the whole scenario as YAML, each value with its file and line as a comment."""
        lines = resolved_lines(self._header(), self.origin)
        lines += ["events:"] if self.events else []
        for event in self.events:
            lines += event_lines(event, self.origin)
        return "\n".join(lines) + "\n"

    def _header(self) -> dict[str, object]:
        """Return what stands above the events, by key, as the file writes it."""
        given = {
            "title": self.title,
            "question": self.question,
            "background": self.background,
            "compare_with": self.compare_with,
            "world": self._from_here(self.world) if self.world else "",
            "posterior": self._posterior_written(self.posterior) if self.posterior else "",
            "period": {"start": self.start, "end": self.end},
            "runs": {"draws": self.draws, "replicates": self.replicates, "seed": self.seed},
            "params": {name: self._written(name) for name in sorted(self.params)},
            "params_from": "" if self.params_from == ORIGIN else self.params_from,
            "sources": dict(sorted(self.sources.items())),
        }
        kept = {key: value for key, value in given.items() if value}
        return {"schema": 2, "id": self.id, **kept}

    def digest(self) -> str:
        """Return a SHA-256 of all that determines a run, given its draw and replicate.

        Names, titles, sources, comments and the order of keys do not, nor do the numbers of draws
        and replicates: asking for more of them changes none of those there are.
        """
        events = [with_fields(event, source="") for event in self.events]
        content = {"start": self.start, "end": self.end, "seed": self.seed, "params": self.params}
        known: dict[str, object] = {}
        if self.params_from != ORIGIN:
            known["params_from"] = self.params_from
        if self.posterior:
            known["posterior"] = self.posterior.sha256
        if self.history:
            known["history"] = self.history.columns()
        return digest({**content, **known, "events": events}, self.world)

    @property
    def uncertain(self) -> tuple[str, ...]:
        """Return the names of the parameters that differ between draws, sorted."""
        set_here = {name for name, value in self.params.items() if isinstance(value, int | float)}
        drawn = {name for name, value in self.params.items() if isinstance(value, Distribution)}
        calibrated = set(self.posterior.names) if self.posterior else set()
        return tuple(sorted((calibrated | drawn) - set_here))

    def _from_here(self, path: Path) -> str:
        return Path(relpath(path, self.folder)).as_posix()

    def _posterior_written(self, posterior: Posterior) -> str:
        if posterior.shipped:
            return posterior.path.stem
        there = self._from_here(posterior.path)
        return (
            there if "/" in there else f"./{there}"
        )  # else a file could be taken for a shipped name, or for none

    def _written(self, name: str) -> object:
        value, basis = self.params[name], self.basis.get(name)
        if isinstance(value, Distribution):
            return {**distribution_values(value), **(basis or {})}
        if isinstance(value, Multiple):
            return {"multiply_by": value.factor, **(basis or {})}
        return {"value": value, **basis} if basis else value
