"""Tamperings with a result, each chosen by a seed: damage, mix-ups and texts that mislead."""

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import xarray

from teritwa.ensemble.manifest import FILES, MANIFEST, SERIES, seal_manifest

T = TypeVar("T")

VERSIONS = {"schema", "teritwa", "python", "packages"}
"""Keys of a manifest whose change, with its hash repaired, is a forgery: nothing else has them."""

MISLEADING = (
    "/", "..", ".", "", "../../../elsewhere/x", "/etc/passwd", "a/b", "a\\b", "-o", "CON",
    "a\0b", "\x1b[2J", "\x1b]0;title\x07", "\u202e\u2028", "\ud800", "line\nline\r", "<script>",
    "=1+1", "~",
)  # fmt: skip
"""Texts that mislead where they become part of a path, a page, a table or a terminal."""

HUGE: tuple[object, ...] = (
    10**30, -(10**30), 2**63, 1e308, "x" * 1_000_000, "9" * 5000, ["x"] * 100_000,
    {str(i): i for i in range(10_000)},
)  # fmt: skip
"""Values that are far larger than any that is written."""

OTHER_TYPES: tuple[object, ...] = (
    None, True, False, -1, 1.5, "", "text", [], {}, [[]], {"": None}, float("nan"),
)  # fmt: skip
"""Values of types that hardly any key has."""


@dataclass(slots=True)
class Choices:
    """Choices that follow from a seed."""

    seed: int
    made: int = field(default=0)

    def below(self, limit: int) -> int:
        """Return a whole number from zero to below a limit."""
        self.made += 1
        digest = hashlib.sha256(f"{self.seed}.{self.made}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def one_of(self, things: Sequence[T]) -> T:
        """Return one of some things."""
        return things[self.below(len(things))]


@dataclass(frozen=True, slots=True)
class Target:
    """What is tampered with.

    Attributes:
        folder: The result.
        other: The result of another scenario beside it.
        cells: The ``cells.csv`` of their world.
        elsewhere: A folder in which nothing may be written.
    """

    folder: Path
    other: Path
    cells: Path
    elsewhere: Path

    def manifest(self) -> dict[str, Any]:
        """Return the manifest."""
        found: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text())
        return found

    def write(self, manifest: dict[str, Any], *, repaired: bool) -> None:
        """Write a manifest, with the hash of itself repaired or not."""
        content = {key: value for key, value in manifest.items() if key != "sha256"}
        text = seal_manifest(content) if repaired else json.dumps(manifest)
        (self.folder / MANIFEST).write_text(text)

    def repair(self, name: str) -> None:
        """Repair the hash of a file in the manifest, and that of the manifest."""
        manifest = self.manifest()
        digest = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()
        manifest["files"][name] = digest
        self.write(manifest, repaired=True)


def delete_file(choices: Choices, target: Target) -> str:
    """Delete a file."""
    name = choices.one_of([*FILES, MANIFEST])
    (target.folder / name).unlink()
    return name


def rename_file(choices: Choices, target: Target) -> str:
    """Give a file another name."""
    name = choices.one_of([*FILES, MANIFEST])
    (target.folder / name).rename(target.folder / f"{name}.old")
    return name


def become_folder(choices: Choices, target: Target) -> str:
    """Put a folder where a file was."""
    name = choices.one_of(FILES)
    (target.folder / name).unlink()
    (target.folder / name).mkdir()
    return name


def truncate_file(choices: Choices, target: Target) -> str:
    """Cut a file off."""
    path = target.folder / choices.one_of([*FILES, MANIFEST])
    content = path.read_bytes()
    path.write_bytes(content[: choices.below(len(content))])
    return path.name


def garble_file(choices: Choices, target: Target) -> str:
    """Change some bytes of a file."""
    path = target.folder / choices.one_of([*FILES, MANIFEST])
    content = bytearray(path.read_bytes())
    for _ in range(1 + choices.below(20)):
        content[choices.below(len(content))] ^= 1 + choices.below(255)
    path.write_bytes(content)
    return path.name


def append_to_file(choices: Choices, target: Target) -> str:
    """Add bytes to the end of a file."""
    path = target.folder / choices.one_of([*FILES, MANIFEST])
    path.write_bytes(path.read_bytes() + choices.one_of([b"\0", b"x", b"1,2,3\n", b"}", b"\xff"]))
    return path.name


def repeat_row(choices: Choices, target: Target) -> str:
    """Repeat a row of a table, with its hash repaired or not."""
    path = target.folder / choices.one_of([name for name in FILES if name.endswith(".csv")])
    lines = path.read_text().splitlines(keepends=True)
    lines.insert(1, choices.one_of(lines))
    path.write_text("".join(lines))
    repaired = bool(choices.below(2))
    if repaired:
        target.repair(path.name)
    return f"{path.name}, {repaired=}"


def swap_file(choices: Choices, target: Target) -> str:
    """Put the file of another scenario in the place of one, or its manifest."""
    name = choices.one_of(["scenario.yaml", "resolved.yaml", "summary.csv", "design.csv", MANIFEST])
    shutil.copy(target.other / name, target.folder / name)
    return name


def swap_series(choices: Choices, target: Target) -> str:
    """Put the series of another scenario in the place of one, with its hash repaired or not."""
    shutil.copy(target.other / SERIES, target.folder / SERIES)
    repaired = bool(choices.below(2))
    if repaired:
        target.repair(SERIES)
    return f"{repaired=}"


def swap_design(choices: Choices, target: Target) -> str:
    """Change the design as if it were that of other runs, with its hash repaired."""
    path = target.folder / "design.csv"
    path.write_text(path.read_text().replace(str(choices.below(9)), str(choices.below(9)), 1) + " ")
    target.repair(path.name)
    return ""


def truncate_series(choices: Choices, target: Target) -> str:
    """Cut the series off, with its hash repaired."""
    path = target.folder / SERIES
    content = path.read_bytes()
    path.write_bytes(content[: choices.below(len(content) - 4)])
    target.repair(SERIES)
    return ""


def mislead_in_series(choices: Choices, target: Target) -> str:
    """Give a district of the series a name that leads elsewhere, with the hash repaired."""
    path = target.folder / SERIES
    with xarray.open_dataset(path, engine="scipy", decode_times=False) as opened:
        dataset = opened.load()
    name = choices.one_of([str(target.elsewhere / "x"), "../../../elsewhere/x", "a/b", "..", "A"])
    names = [str(label) for label in dataset["district"].values]
    names[choices.below(len(names))] = name
    dataset = dataset.assign_coords(district=("district", names))
    dataset.to_netcdf(path, format="NETCDF3_64BIT", engine="scipy")
    target.repair(SERIES)
    return name


def _place(choices: Choices, manifest: dict[str, Any], *, repaired: bool) -> tuple[Any, Any, str]:
    """Return a place in a manifest: what holds it, its key there, and its keys in words."""
    allowed = [key for key in sorted(manifest) if not (repaired and key in VERSIONS)]
    holder: Any = manifest
    key: Any = choices.one_of(allowed)
    where = str(key)
    while holder[key] and isinstance(holder[key], dict | list) and choices.below(2):
        holder = holder[key]
        key = choices.one_of(sorted(holder) if isinstance(holder, dict) else range(len(holder)))
        where += f".{key}"
    return holder, key, where


def drop_key(choices: Choices, target: Target) -> str:
    """Drop a key or an item of the manifest."""
    manifest, repaired = target.manifest(), bool(choices.below(2))
    holder, key, where = _place(choices, manifest, repaired=repaired)
    del holder[key]
    target.write(manifest, repaired=repaired)
    return f"{where}, {repaired=}"


def _change(choices: Choices, target: Target, values: Sequence[object]) -> str:
    """Put one of some values into a place of the manifest."""
    manifest, repaired = target.manifest(), bool(choices.below(2))
    holder, key, where = _place(choices, manifest, repaired=repaired)
    holder[key] = choices.one_of(values)
    target.write(manifest, repaired=repaired)
    return f"{where} = {str(holder[key])[:40]!r}, {repaired=}"


def retype_key(choices: Choices, target: Target) -> str:
    """Give a key of the manifest a value of another type."""
    return _change(choices, target, OTHER_TYPES)


def mislead_in_manifest(choices: Choices, target: Target) -> str:
    """Give a key of the manifest a text that misleads."""
    return _change(choices, target, [*MISLEADING, str(target.elsewhere / "x")])


def enlarge_key(choices: Choices, target: Target) -> str:
    """Give a key of the manifest a value that is far too large."""
    return _change(choices, target, HUGE)


def mislead_in_id(choices: Choices, target: Target) -> str:
    """Give the scenario of the manifest an id that leads elsewhere, with its hash repaired."""
    manifest = target.manifest()
    manifest["scenario"] = choices.one_of([*MISLEADING, str(target.elsewhere / "x")])
    target.write(manifest, repaired=True)
    return str(manifest["scenario"])


def nest_deeply(choices: Choices, target: Target) -> str:
    """Nest a key of the manifest deeply, or the whole of it."""
    depth = choices.one_of([5, 500, 100_000])
    opening, closing = choices.one_of([("[", "]"), ('{"a":', "}")])
    nested = opening * depth + "1" + closing * depth
    manifest, key = target.manifest(), choices.one_of(sorted(target.manifest()))
    manifest[key] = "NESTED"
    text = json.dumps(manifest).replace('"NESTED"', nested) if choices.below(4) else nested
    (target.folder / MANIFEST).write_text(text)
    return f"{key}, {depth}"


def add_key(choices: Choices, target: Target) -> str:
    """Add a key or a file to the manifest."""
    manifest, repaired = target.manifest(), bool(choices.below(2))
    holder = manifest["files"] if choices.below(2) else manifest
    holder[choices.one_of([*MISLEADING[:8], "more"])] = "text"
    target.write(manifest, repaired=repaired)
    return f"{repaired=}"


def link_figures(choices: Choices, target: Target) -> str:
    """Let the folder of figures lead elsewhere."""
    (target.folder / "figures").symlink_to(target.elsewhere, target_is_directory=True)
    return ""


def leave_alone(choices: Choices, target: Target) -> str:
    """Change nothing that matters: the layout of the manifest, or a file that is not listed."""
    if choices.below(2):
        (target.folder / "notes.txt").write_text("mine")
        return "a file more"
    manifest = target.manifest()
    order = sorted(manifest, reverse=True)
    text = json.dumps({key: manifest[key] for key in order}, indent=1)
    (target.folder / MANIFEST).write_text(text)
    return "another layout"


def garble_cells(choices: Choices, target: Target) -> str:
    """Spoil the cells of the world."""
    lines = target.cells.read_text().splitlines(keepends=True)
    row = 1 + choices.below(len(lines) - 1)
    name, x, y = lines[row].split(",")
    spoilt = choices.one_of([
        f"{name},{x}\n", f"{name},west,{y}", f"{name},,{y}", f"{name},nan,{y}", f"{name},1e9,{y}",
        f"no-such-place,{x},{y}", f",{x},{y}", f'"{name},{x},{y}', f"{name},{x}\0,{y}",
        f"../{name},{x},{y}", f"{name},{x},{y.strip()},\n",
    ])  # fmt: skip
    lines[row] = spoilt
    target.cells.write_text("".join(lines))
    return repr(spoilt)


KINDS: tuple[Callable[[Choices, Target], str], ...] = (
    delete_file, rename_file, become_folder, truncate_file, garble_file, append_to_file, repeat_row,
    swap_file, swap_series, swap_design, truncate_series, mislead_in_series, drop_key, retype_key,
    mislead_in_manifest, enlarge_key, mislead_in_id, nest_deeply, add_key, link_figures,
    leave_alone, garble_cells,
)  # fmt: skip
"""All kinds of tampering."""


def tamper(seed: int, target: Target) -> str:
    """Tamper with a result and return in words what was done.

    Args:
        seed: Which tampering; kinds take turns.
        target: What is tampered with.
    """
    kind = KINDS[seed % len(KINDS)]
    return f"{seed}: {kind.__name__}: {kind(Choices(seed), target)}"
