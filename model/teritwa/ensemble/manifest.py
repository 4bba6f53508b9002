"""``manifest.json`` of a result: its structure, its hash of itself, and the identity of its runs.

Three hashes find damage and mix-ups. The manifest has the hash of every other file and of its own
content. `run_identity`, which ``series.nc`` stores too, is a hash of what ran: so the series of
another result is noticed even where the hash of the file was repaired. Nothing here is signed:
whoever rewrites a result with every hash in it forges it, and that is not noticed.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NoReturn

from teritwa.engine.dates import read_date
from teritwa.engine.files import CONTROL_CHARACTER
from teritwa.scenario.reader.scalars import read_name

SCHEMA: Final = 3
"""The schema of a result folder; a reader refuses another number."""

MANIFEST: Final = "manifest.json"
SERIES: Final = "series.nc"
SUMMARY: Final = "summary.csv"
DESIGN: Final = "design.csv"
FAILURES: Final = "failures.csv"
FILES: Final = ("scenario.yaml", "resolved.yaml", DESIGN, SERIES, SUMMARY, FAILURES)
"""The files of a result beside its manifest."""

SIZE_AT_MOST: Final = 16 * 1024 * 1024
"""The largest manifest that is read, bytes: many times what the largest scenario makes."""

DIGITS_AT_MOST: Final = 100
"""The most digits of a whole number in a manifest: many times those of any seed."""

_OWN_HASH: Final = "sha256"
_NOT_TEXT: Final = re.compile(f"{CONTROL_CHARACTER.pattern}|[\ud800-\udfff]")

Kind = Callable[[object], bool]
"""Whether a value is of a kind."""


def _is_text(value: object) -> bool:
    """Return whether a value is text without control characters."""
    return isinstance(value, str) and not _NOT_TEXT.search(value)


def _is_count(value: object) -> bool:
    """Return whether a value is a whole number that is not negative."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_read_by(read: Callable[[str], object]) -> Kind:
    """Return whether a value is text that a reader of scenarios accepts."""

    def accepts(value: object) -> bool:
        try:
            return isinstance(value, str) and read(value) is not None
        except ValueError:
            return False

    return accepts


_is_name, _is_day = _is_read_by(read_name), _is_read_by(read_date)

_KINDS: Final[Mapping[Kind, str]] = {
    _is_text: "text",
    _is_count: "a whole number, zero or more",
    _is_name: "an id of small letters, digits and single hyphens",
    _is_day: "a date such as 2024-06-25",
}
"""What a value of each kind is called in a problem."""

_STRUCTURE: Final[Mapping[str, object]] = {
    "schema": _is_count,
    "teritwa": _is_text,
    "python": _is_text,
    "packages": {...: _is_text},
    "scenario": _is_name,
    "title": _is_text,
    "question": _is_text,
    "compare_with": _is_text,
    "digest": _is_text,
    "model": _is_text,
    "world": {"name": _is_text, "digest": _is_text},
    "posterior": _is_text,
    "start": _is_day,
    "end": _is_day,
    "seed": _is_count,
    "draws": _is_count,
    "replicates": _is_count,
    "completed": _is_count,
    "failed": _is_count,
    "outcomes": [_is_text],
    "events": [{"date": _is_day, "id": _is_text, "kind": _is_text, "label": _is_text}],
    "files": dict.fromkeys(FILES, _is_text),
    _OWN_HASH: _is_text,
}
"""The keys of a manifest: a kind of value, a list of one kind of item, or a mapping of keys.

The key ``...`` stands for any text.
"""

_OPTIONAL: Final[Mapping[str, object]] = {"extensions": {...: _is_text}, "origin": _is_day}


def seal_manifest(content: Mapping[str, Any]) -> str:
    """Return the text of a manifest, with the hash of its content.

    Args:
        content: The manifest without that hash.
    """
    sealed = {**content, _OWN_HASH: _hash_of(content)}
    return json.dumps(sealed, indent=2, sort_keys=True) + "\n"


def run_identity(about: Mapping[str, Any], design: str) -> str:
    """Return a SHA-256 of what ran: the same for the manifest and the series of a result.

    Versions of libraries are left out: they may differ where the numbers do not.

    Args:
        about: What ran, by the keys of the manifest; other keys are ignored.
        design: The SHA-256 of ``design.csv``.
    """
    versions = {"schema", "teritwa", "python", "packages", "extensions", "files", _OWN_HASH}
    content = {key: value for key, value in about.items() if key not in versions}
    return _hash_of({**content, "design": design})


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest of a result.

    Args:
        path: The file.

    Raises:
        ValueError: With the reason, if it is not a manifest, is of another version, or is not as
            it was written.
    """
    manifest = _read_json(path)
    problem = _version_problem(manifest) or _structure_problem(manifest)
    if problem:
        raise ValueError(problem)
    content = {key: value for key, value in manifest.items() if key != _OWN_HASH}
    if manifest[_OWN_HASH] != _hash_of(content):
        raise ValueError("has changed since it was written")
    return manifest


def _version_problem(manifest: Mapping[str, Any]) -> str:
    """Return that a manifest is of another version; an empty text if it is of this one."""
    schema = manifest.get("schema")
    if schema == SCHEMA or not _is_count(schema):
        return ""
    return f"has schema {str(schema)[:20]}, this version of teritwa reads schema {SCHEMA}"


def _structure_problem(manifest: Mapping[str, Any]) -> str:
    """Return in what a manifest differs from `_STRUCTURE`; an empty text if in nothing."""
    optional = {key: kind for key, kind in _OPTIONAL.items() if key in manifest}
    problem = next(_problems(manifest, {**_STRUCTURE, **optional}, ""), "")
    problem = problem or _problem_of_numbers(manifest)
    return f"cannot be read as a manifest ({problem})" if problem else ""


def _hash_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of content, whatever its layout in a file."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    """Return the mapping in a JSON file; raise ValueError with the reason if there is none."""
    try:
        with path.open("rb") as stream:
            data = stream.read(SIZE_AT_MOST + 1)
        if len(data) > SIZE_AT_MOST:
            raise ValueError(f"is larger than {SIZE_AT_MOST:,} bytes")
        found = json.loads(
            data.decode("utf-8"), parse_constant=_refuse_constant, parse_int=_read_integer
        )
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from None
    except RecursionError:
        raise ValueError("cannot be read as a manifest (it is nested too deeply)") from None
    except ValueError as error:
        raise ValueError(f"cannot be read as a manifest ({_words_of(error)})") from None
    if not isinstance(found, dict):
        raise ValueError("cannot be read as a manifest (it is not a mapping)")
    return found


def _words_of(error: ValueError) -> str:
    """Return why a file is no JSON, in words for somebody who does not program."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno} is not JSON"
    return str(error)


def _read_integer(text: str) -> int:
    """Return a whole number; refuse one of so many digits that Python would not read it."""
    if len(text) > DIGITS_AT_MOST:
        raise ValueError(f"a number has {len(text):,} digits")
    return int(text)


def _refuse_constant(name: str) -> NoReturn:
    """Refuse what Python's reader takes for a number and JSON does not know."""
    raise ValueError(f"{name} is not a number")


def _problems(value: object, expected: object, place: str) -> Iterator[str]:
    """Yield in what a value differs from its structure.

    Args:
        value: The value.
        expected: Its structure, a part of `_STRUCTURE`.
        place: The keys that lead to the value.
    """
    if isinstance(expected, Mapping):
        yield from _problems_of_mapping(value, expected, place)
    elif isinstance(expected, list):
        if not isinstance(value, list):
            yield f"{place} must be a list"
            return
        for i, item in enumerate(value):
            yield from _problems(item, expected[0], f"{place}[{i}]")
    elif callable(expected) and not expected(value):
        yield f"{place} must be {_KINDS[expected]}"


def _problems_of_mapping(
    value: object, expected: Mapping[Any, object], place: str
) -> Iterator[str]:
    """Yield in what a value differs from a mapping of keys; arguments as for `_problems`."""
    if not isinstance(value, dict):
        yield f"{place} must be a mapping"
        return
    start = f"{place}." if place else ""
    for key in sorted(set(expected) - {...} - set(value)):
        yield f"{start}{key} is missing"
    for key, item in value.items():
        structure = expected.get(key, expected.get(...))
        if structure is None or not _is_text(key):
            yield f"{start}{key[:40]!r} is unknown"
        else:
            yield from _problems(item, structure, f"{start}{key[:40]}")


def _problem_of_numbers(manifest: Mapping[str, Any]) -> str:
    """Return which numbers of a manifest contradict each other; an empty text if none do."""
    start, end = (date.fromisoformat(manifest[key]) for key in ("start", "end"))
    if end < start:
        return "end lies before start"
    if manifest["completed"] + manifest["failed"] != manifest["draws"] * manifest["replicates"]:
        return "completed and failed do not add up to draws times replicates"
    return ""
