"""The row number of each district, gang, contingent and donor of a world by id."""

from teritwa.world.rows import World


def _numbers(names: tuple[str, ...]) -> dict[str, int]:
    """Return the row of each id."""
    return {name: row for row, name in enumerate(names)}


def district_numbers(world: World) -> dict[str, int]:
    """Return the row of each district by id."""
    return _numbers(tuple(row.id for row in world.districts))


def gang_numbers(world: World) -> dict[str, int]:
    """Return the row of each gang by id."""
    return _numbers(tuple(row.id for row in world.gangs))


def contingent_numbers(world: World) -> dict[str, int]:
    """Return the row of each contingent by id."""
    return _numbers(tuple(row.id for row in world.contingents))


def donor_numbers(world: World) -> dict[str, int]:
    """Return the row of each donor by id."""
    return _numbers(tuple(row.id for row in world.donors))
