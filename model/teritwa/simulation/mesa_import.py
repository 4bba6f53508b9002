"""Mesa, imported so that no setting of the process changes.

Mesa's batch runner, which is imported with it, sets the start method of new processes to "spawn",
for the whole process and against the choice of the program.
"""

import multiprocessing

_start_method = multiprocessing.get_start_method(allow_none=True)

import mesa  # noqa: E402
from mesa.agent import AgentSet  # noqa: E402

multiprocessing.set_start_method(_start_method, force=True)

__all__ = ["AgentSet", "mesa"]
