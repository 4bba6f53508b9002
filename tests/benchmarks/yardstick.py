"""A yardstick: a small simulation of the model's shape, against which runs are timed.

It has as many districts, groups and days as a run had when the model was designed, each kind in a
table of records, and one compiled rule for each step of a day. Its content is made up, and it
shares no code with the model, so that it costs the same whatever becomes of the model. A figure in
yardsticks is therefore nearly the same on fast and slow machines.
"""

import math
from functools import cache
from typing import Any

import numpy as np
from numba import njit

ROWS, COLUMNS, BANDS, PATROLS, DAYS = 8, 12, 400, 220, 550
DISTRICTS = ROWS * COLUMNS
GOES_OUT, MOVES, MOVES_WHERE = 11, 12, 13
LOW, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
FACTORS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
STEPS = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
compiled = njit(cache=True, nogil=True)

District = np.dtype([(name, "f8") for name in (
    "people", "guests", "grip", "young", "armed", "guards", "armed_lost", "guards_lost",
)], align=True)  # fmt: skip
Band = np.dtype([("place", "i8"), ("size", "f8")], align=True)
Patrol = np.dtype([("home", "i8"), ("place", "i8"), ("size", "f8"), ("tired", "f8")], align=True)


@njit(cache=True, inline="always")
def number(run: int, day: int, what: int, who: int) -> float:
    """Return the uniform number of an address, by Philox-4x32-10 (Salmon and others 2011)."""
    a, b, c, d = np.uint64(who), np.uint64(what), np.uint64(day), np.uint64(0)
    left, right = np.uint64(run), np.uint64(1)
    for _ in range(10):
        one, two = FACTORS[0] * a, FACTORS[1] * c
        a, b = (two >> HALF) ^ b ^ left, two & LOW
        c, d = (one >> HALF) ^ d ^ right, one & LOW
        left, right = (left + STEPS[0]) & LOW, (right + STEPS[1]) & LOW
    return float((a << np.uint64(20)) ^ (b >> np.uint64(12))) * 2.0**-52


@compiled
def pick(ways: Any, here: int, weights: Any, share: float) -> int:
    """Return a neighbour of a district, with a probability in proportion to its weight."""
    total = 0.0
    for other in ways[here]:
        total += weights[other]
    left = share * total
    for other in ways[here]:
        left -= weights[other]
        if left <= 0.0:
            return int(other)
    return here


@compiled
def go_out(districts: Any, patrols: Any, ways: Any, run: int, day: int) -> None:
    """Send the patrols that are rested to a neighbour where many people are under the bands."""
    needs = np.array([one.people * one.grip / (1.0 + one.armed) for one in districts])
    for row in range(patrols.size):
        patrol = patrols[row]
        if patrol.size >= 5.0 and patrol.tired <= 1.0:
            share = number(run, day, GOES_OUT, row)
            patrol.place, patrol.tired = pick(ways, patrol.home, needs, share), patrol.tired + 0.1
        else:
            patrol.place, patrol.tired = patrol.home, patrol.tired * 0.9


@compiled
def go_home(patrols: Any) -> None:
    """Bring the patrols home at dusk."""
    for patrol in patrols:
        patrol.place = patrol.home


@compiled
def count(districts: Any, bands: Any, patrols: Any) -> None:
    """Count who is armed in each district."""
    for district in districts:
        district.armed, district.guards = 0.0, 0.0
    for band in bands:
        districts[band.place].armed += band.size
    for patrol in patrols:
        districts[patrol.place].guards += patrol.size


@compiled
def contend(districts: Any, bands: Any, patrols: Any) -> None:
    """Let those who meet lose members, and the stronger side gain a district's people."""
    count(districts, bands, patrols)
    for district in districts:
        both = district.armed * district.guards
        district.armed_lost = min(0.5, 0.01 * both / (1.0 + district.armed**2))
        district.guards_lost = min(0.5, 0.003 * both / (1.0 + district.guards**2))
        armed, guards = district.armed**1.4, district.guards * math.sqrt(district.guards)
        district.grip += 0.1 * ((armed + 0.1) / (armed + guards + 0.2) - district.grip)
    for band in bands:
        band.size *= 1.0 - districts[band.place].armed_lost
    for patrol in patrols:
        patrol.size *= 1.0 - districts[patrol.place].guards_lost


@compiled
def roam(districts: Any, bands: Any, ways: Any, run: int, day: int) -> None:
    """Let bands recruit the young where they are, and a tenth of them move on."""
    lures = np.array([(1.1 - one.grip) / (1.0 + one.guards) for one in districts])
    for row in range(bands.size):
        band = bands[row]
        here = districts[band.place]
        recruits = min(here.young, 0.01 * band.size * here.grip)
        here.young -= recruits
        band.size += recruits
        if number(run, day, MOVES, row) < 0.1:
            share = number(run, day, MOVES_WHERE, row)
            band.place = pick(ways, band.place, lures, share)


@compiled
def drift(districts: Any, ways: Any) -> None:
    """Let people leave for neighbours, the more the less the bands have a grip there."""
    for here in range(districts.size):
        total = 0.0
        for other in ways[here]:
            total += 1.01 - districts[other].grip
        leaving = 0.0005 * districts[here].people * districts[here].grip
        for other in ways[here]:
            districts[other].guests += leaving * (1.01 - districts[other].grip) / total
        districts[here].people -= leaving


@cache
def neighbours() -> np.ndarray[Any, Any]:
    """Return the six neighbours of each district (district, neighbour): a ring of hexagons."""
    ways = []
    for row in range(ROWS):
        for column in range(COLUMNS):
            side = column - 1 + 2 * (row % 2)
            near = [(row, column - 1), (row, column + 1)]
            near += [(row + step, place) for step in (-1, 1) for place in (column, side)]
            ways.append([r % ROWS * COLUMNS + c % COLUMNS for r, c in near])
    return np.array(ways)


class Yardstick:
    """One run of the yardstick."""

    def __init__(self, run: int) -> None:
        self.run_number, self.ways = run, neighbours()
        self.districts, places = np.zeros(DISTRICTS, District), np.arange(DISTRICTS)
        self.districts["people"] = 5000.0 * (1 + places * 37 % 19)
        self.districts["young"] = self.districts["people"] / 100.0
        self.districts["grip"] = np.where(places % 5 == 0, 0.1, 0.9)
        self.bands, self.patrols = np.zeros(BANDS, Band), np.zeros(PATROLS, Patrol)
        self.bands["place"], self.bands["size"] = np.arange(BANDS) * 7 % DISTRICTS, 30.0
        self.patrols["home"], self.patrols["size"] = np.arange(PATROLS) * 5 % DISTRICTS, 40.0

    def run(self) -> "Yardstick":
        """Run all days, one rule after the other."""
        districts, bands, patrols, ways = self.districts, self.bands, self.patrols, self.ways
        for day in range(DAYS):
            go_out(districts, patrols, ways, self.run_number, day)
            contend(districts, bands, patrols)
            go_home(patrols)
            roam(districts, bands, ways, self.run_number, day)
            contend(districts, bands, patrols)
            drift(districts, ways)
        return self
