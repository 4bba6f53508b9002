"""The commands world new and world check: what they print, write and refuse."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from teritwa.world import load

Call = Callable[..., Result]
SQUARES = [(k % 4, k // 4) for k in range(12)]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write boundaries and residents of twelve squares, in the folder where commands run."""
    monkeypatch.chdir(tmp_path)
    features = [
        {
            "properties": {"id": f"D{k:02d}", "name": f"Dístrict {k}"},
            "geometry": {"type": "Polygon", "coordinates": [[
                [x / 10, y / 10], [(x + 1) / 10, y / 10], [(x + 1) / 10, (y + 1) / 10],
                [x / 10, (y + 1) / 10], [x / 10, y / 10],
            ]]},
        }
        for k, (x, y) in enumerate(SQUARES)
    ]  # fmt: skip
    Path("b.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    people = "".join(f"D{k:02d},{20_000 + 1000 * k}\n" for k in range(12))
    Path("p.csv").write_text(f"id,population\n{people}")


NEW = ("world", "new", "Twelve Squares", "--boundaries", "b.geojson", "--population", "p.csv",
       "--id", "id")  # fmt: skip


@pytest.mark.usefixtures("files")
def test_a_new_world_is_written_checked_and_drawn(call: Call) -> None:
    """Folder and scenario are printed, and what is assumed; the world then has no mistakes."""
    answer = call(*NEW)
    assert answer.exit_code == 0
    assert answer.stdout.splitlines() == ["twelve-squares", "twelve-squares.yaml"]
    assert "assumed, for you to replace" in answer.stderr
    assert "run it: teritwa run twelve-squares.yaml" in answer.stderr
    assert call("check", "twelve-squares.yaml").exit_code == 0

    answer = call("world", "check", "twelve-squares")
    assert answer.exit_code == 0
    size, *lines, last_but_one, picture = answer.stdout.splitlines()
    assert size == (
        "Twelve Squares: 12 districts (0 under gangs), 306,000 people, 1 gangs with 215 fighters "
        "(weights in crews.csv: 215), 321 officers, 17 links; capital: Dístrict 11"
    )
    assert all(line.startswith("assumed: ") for line in lines)
    assert (last_but_one, picture) == ("nothing looks wrong", "twelve-squares-map.png")
    assert Path(picture).read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("files")
def test_the_picture_does_not_change_the_world(call: Call) -> None:
    """What is in the folder is the world, so nothing is written there."""
    call(*NEW)
    folder = Path("twelve-squares")
    before = sorted(folder.iterdir())
    call("world", "check", "twelve-squares")
    assert sorted(folder.iterdir()) == before


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("given", [".", "./", "../twelve-squares"])
def test_the_picture_stands_beside_the_world_however_it_is_named(
    call: Call, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    """From within the folder of a world, too, its picture does not come into it."""
    call(*NEW)
    monkeypatch.chdir("twelve-squares")
    answer = call("world", "check", given)
    assert answer.exit_code == 0
    assert not list(Path().glob("*.png"))
    assert Path("../twelve-squares-map.png").is_file()


@pytest.mark.usefixtures("files")
def test_the_map_has_the_given_borders(call: Call) -> None:
    """The cells are the squares of the file, and say where they come from."""
    call(*NEW)
    with Path("twelve-squares/cells.csv").open(encoding="utf-8") as stream:
        corners = [
            (float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(stream)
            if row["district"] == "district-5"
        ]
    x, y = SQUARES[5]
    wanted = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
    for found, (east, north) in zip(sorted(corners), sorted(wanted), strict=True):
        assert found == pytest.approx((east / 10, north / 10), abs=0.4 / 1500)
    assert load(Path("twelve-squares")).borders == "b.geojson, simplified"


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("districts.csv", "0.05000,0.15000", "0.15000,0.15000", "lie on one point"),
        ("links.csv", ",0.834,", ",0.01,", "km/h in a straight line"),
        ("districts.csv", "capital,1,", "capital,0,", "no district is metropolitan"),
        ("units.csv", "special,district-11", "special,district-0", "no unit has its base"),
        ("districts.csv", "0.05,state,", "0.9,armed-group,", "where a gang holds, and may take it"),
    ],
)
def test_what_looks_wrong_is_said(call: Call, table: str, old: str, new: str, said: str) -> None:
    """A world may run and yet look wrong."""
    call(*NEW)
    path = Path("twelve-squares") / table
    text = path.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    if table == "units.csv":
        lines = [line for line in text.splitlines() if not line.startswith("police-district-11,")]
        text = "\n".join([*lines, ""])
    path.write_text(text, encoding="utf-8")
    answer = call("world", "check", "twelve-squares")
    assert answer.exit_code == 0
    assert [line for line in answer.stdout.splitlines() if said in line], answer.stdout


@pytest.mark.usefixtures("files")
def test_swapped_coordinates_look_wrong(call: Call) -> None:
    """A district that would lie among the others with its coordinates swapped is named."""
    call(*NEW)
    path = Path("twelve-squares/districts.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    for row in table:
        row["longitude"] = str(float(row["longitude"]) + 60.0)
    table[3]["longitude"], table[3]["latitude"] = table[3]["latitude"], table[3]["longitude"]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    answer = call("world", "check", "twelve-squares")
    assert f"{table[3]['id']}: longitude and latitude look swapped" in answer.stdout


@pytest.mark.usefixtures("files")
def test_people_whom_nobody_can_host_are_refused_before_a_run(call: Call) -> None:
    """Both commands that check refuse what a run would refuse."""
    call(*NEW)
    folder = Path("twelve-squares")
    districts = (folder / "districts.csv").read_text(encoding="utf-8")
    held = districts.replace(",0.05,state,0,", ",0.9,armed-group,100,")
    (folder / "districts.csv").write_text(held, encoding="utf-8")
    basics = (folder / "world.csv").read_text(encoding="utf-8")
    moved = basics.replace("displaced_on_day_0,0", "displaced_on_day_0,1200")
    (folder / "world.csv").write_text(moved, encoding="utf-8")
    for command in (("check", "twelve-squares.yaml"), ("world", "check", "twelve-squares")):
        answer = call(*command)
        assert answer.exit_code == 3
        assert "the state holds no place to host them" in answer.output


@pytest.mark.usefixtures("files")
def test_files_that_cannot_be_used_are_named(call: Call) -> None:
    """A mistake ends with exit code 3, and a second world of the name is refused."""
    answer = call(*NEW[:-1], "code")
    assert answer.exit_code == 3
    assert (
        "b.geojson: feature 1 and 11 more: has no property 'code'; it has id, name" in answer.stderr
    )
    call(*NEW)
    answer = call(*NEW)
    assert answer.exit_code == 3
    assert "twelve-squares: is there already" in answer.stderr
    answer = call("world", "check", "nowhere")
    assert answer.exit_code == 3
    assert "nowhere: is not a folder" in answer.stderr
