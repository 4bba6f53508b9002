"""What the gangs of day 0 are compared with later: their fighters by place, and their contacts."""

from collections.abc import Mapping

import numpy as np

from teritwa.engine.records import Array
from teritwa.rules.agents.state import to_state
from teritwa.rules.districts.presence import update_gang_presence
from teritwa.rules.gangs.gang_rivalry import count_contacts
from teritwa.rules.gangs.membership import record_fighters_of_day_0
from teritwa.rules.registry import parameters_for_rules


def count_gangs_of_day_0(tables: Mapping[str, Array]) -> None:
    """Record the fighters of day 0 by district and region, and how many faced an enemy.

    Args:
        tables: The tables of day 0, complete but for these counts.
    """
    state = to_state(tables, parameters_for_rules(tables["parameters"]))
    update_gang_presence(state)
    record_fighters_of_day_0(state)
    tables["counters"]["contacts_on_day_0"] = count_contacts(state)
    districts = tables["districts"]
    here, region = districts["people"]["fighters_on_day_0"], districts["place"]["region"]
    fighters = np.bincount(region, here, len(tables["regions"]))
    tables["regions"]["fighters_on_day_0"] = fighters.astype(np.int64)
