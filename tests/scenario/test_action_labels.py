"""Labels of actions: the few words that pictures show."""

import pytest

from teritwa.scenario import actions
from teritwa.scenario.actions.action import officers_in_words, title_of
from teritwa.scenario.distributions import Distribution

SOME = Distribution("uniform", (100.0, 300.0))
LABELS: list[tuple[actions.Action, str]] = [
    (actions.Deploy("haitian-army", 1500), "Haitian Army: 1,500 officers arrive"),
    (actions.Pledge("kenya", 383, 90), "Kenya: 383 officers pledged"),
    (actions.Pledge("kenya", SOME, 0), "Kenya: 100 to 300 officers pledged"),
    (actions.Withdraw("el-salvador", None, 9), "El Salvador: officers leave"),
    (actions.Withdraw("all", 5, 0), "All: officers leave"),
    (actions.Pay("haitian-police", 0.4), "Haitian Police: 40% of pay"),
    (actions.Pay("kenya", 0.0, 30), "Kenya: 0% of pay"),
    (actions.Pay("all", None, 30), "All: patience of 30 days"),
    (actions.Equipment("benin", helicopters=2), "Benin: 2 helicopters"),
    (
        actions.Equipment("chad", 1500, 1, night_vision=1),
        "Chad: 1,500 vehicles, 1 helicopter, 1 night-vision set",
    ),
    (
        actions.Equipment("chad", surveillance_drones=1, armed_drones=2),
        "Chad: 1 surveillance drone, 2 armed drones",
    ),
    (
        actions.Offensive("coalition", ("delmas-24-30", "bel-air", "nazon"), 5),
        "offensive: Delmas 24-30, Bel Air",
    ),
    (actions.Operation(("solino",), 3), "operation: Solino"),
    (
        actions.Operation(("solino", "nazon", "bel-air"), 3, "raid"),
        "operation: Solino, Nazon",
    ),
    (actions.Doctrine("mission", "clear-and-hold"), "mission: clear-and-hold"),
    (
        actions.Doctrine("police", "none", "community-policing"),
        "police: none, community-policing",
    ),
    (actions.Doctrine("army", share_out=0.2), "army: doctrine changes"),
    (actions.Mandate("none"), "mandate: none"),
    (actions.Mandate("support-mission", 5), "mandate: support mission"),
    (
        actions.Mandate("support-mission", 5, None, military=True),
        "mandate: support mission, military",
    ),
    (
        actions.Mandate("un-peacekeeping", 5, None, military=True),
        "mandate: UN peacekeeping voted",
    ),
    (actions.Money("trust-fund", pledge=18_000_000_00), "Trust Fund pledges $18.0 million"),
    (
        actions.Money("trust-fund", 18_000_000_00, 1_300_000_00),
        "Trust Fund pays $1.3 million",
    ),
    (
        actions.Money("trust-fund", monthly=2_000_000_000_00),
        "Trust Fund pays monthly $2,000.0 million",
    ),
    (actions.Money("united-states", monthly=0), "United States stops paying"),
    (actions.Base("solino", open=True), "forward base opens: Solino"),
    (actions.Base("solino", open=False), "forward base closes: Solino"),
    (
        actions.Base("solino", open=True, force="police"),
        "forward base of the police opens: Solino",
    ),
    (actions.Coalition(active=True), "gang coalition forms"),
    (actions.Coalition(active=False), "gang coalition breaks"),
    (actions.PrisonBreak(4600), "4,600 prisoners escape"),
    (actions.Coordination(0.4), "coordination 40%"),
    (actions.Coordination(None, staffed=True), "security council staffed"),
    (
        actions.Coordination(0.0, staffed=False),
        "coordination 0%, security council not staffed",
    ),
    (
        actions.Change((("a.b", 1.0), ("c.d", 2.0), ("e.f", 3.0))),
        "change: a.b, c.d",
    ),
]


def test_every_action_is_labelled_here() -> None:
    """The table of this file leaves no action out."""
    assert {type(action) for action, _ in LABELS} == set(actions.ACTIONS.values())


@pytest.mark.parametrize(("action", "words"), LABELS, ids=[words for _, words in LABELS])
def test_a_label_says_what_an_action_brings(action: actions.Action, words: str) -> None:
    """Pictures name what is given and nothing else, one thing in the singular."""
    assert action.label() == words


def test_a_label_names_all_that_equipment_can_bring() -> None:
    """Each key of an equipment has its word, so that none is left out where things are counted."""
    assert list(actions.Equipment.keys())[1:] == list(actions.Equipment.WORDS)


@pytest.mark.parametrize(
    ("identity", "title"),
    [
        ("kenya", "Kenya"),
        ("el-salvador", "El Salvador"),
        ("delmas-24-30", "Delmas 24-30"),
        ("400-mawozo", "400 Mawozo"),
        ("1-2", "1-2"),
    ],
)
def test_an_id_as_a_title(identity: str, title: str) -> None:
    """Hyphens become spaces, except between two numbers."""
    assert title_of(identity) == title


def test_officers_in_words() -> None:
    """A number has its thousands parted; a distribution is its range."""
    assert officers_in_words(12_345) == "12,345"
    assert officers_in_words(Distribution("normal", (8.0, 2.0), (4.4, 1200.0))) == "4 to 1,200"
