"""What an event of a scenario can do: one class an action, with its keys, effect and label.

To add one, declare a subclass of `Action` in a file of this folder and name it in `ACTIONS`.
"""

from teritwa.scenario.actions.action import Action
from teritwa.scenario.actions.context import RunRecords
from teritwa.scenario.actions.contingents import Deploy, Equipment, Pay, Pledge, Withdraw
from teritwa.scenario.actions.gangs import Coalition, Offensive, PrisonBreak
from teritwa.scenario.actions.mission import Base, Coordination, Mandate, Money
from teritwa.scenario.actions.orders import Doctrine, Operation
from teritwa.scenario.actions.parameters import Change

__all__ = [
    "ACTIONS",
    "Action",
    "Base",
    "Change",
    "Coalition",
    "Coordination",
    "Deploy",
    "Doctrine",
    "Equipment",
    "Mandate",
    "Money",
    "Offensive",
    "Operation",
    "Pay",
    "Pledge",
    "PrisonBreak",
    "RunRecords",
    "Withdraw",
]

ACTIONS: dict[str, type[Action]] = {
    action.key: action
    for action in (
        Deploy,
        Pledge,
        Withdraw,
        Pay,
        Mandate,
        Money,
        Equipment,
        Base,
        Coalition,
        Offensive,
        Operation,
        Doctrine,
        PrisonBreak,
        Coordination,
        Change,
    )
}
"""Every action by its key in a scenario file."""
