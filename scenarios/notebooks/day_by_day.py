# %% [markdown]
# # One run, a day at a time
#
# What a single history looks like from within: a Mesa model whose agents can be looked at on any day. Open this file as
# a notebook or run it as a script; it takes some seconds once the rules are compiled.

# %%
import numpy as np

import teritwa

scenario = teritwa.load("baseline")
mission = teritwa.Mission(scenario, draw=3, replicate=0)
mission.agents_by_type

# %% [markdown]
# The prison break of 2 March 2024 and the offensive around it, seen from one district. The records are NumPy
# structured arrays, one row an agent; rules write them, and we only look.

# %%
here = [row.name for row in mission.world.districts].index("Solino")
influence, residents = [], []
for _ in range(120):
    mission.step()
    influence.append(float(mission.tables["districts"]["control"]["gang_influence"][here]))
    residents.append(int(mission.tables["districts"]["people"]["residents"][here]))
print(f"Solino: influence {influence[0]:.2f} to {influence[-1]:.2f}, residents {residents[0]:,} to {residents[-1]:,}")

# %% [markdown]
# The same draw and replicate give the same history, so a question about one run can be asked again and again.

# %%
again = teritwa.Mission(scenario, draw=3, replicate=0)
for _ in range(120):
    again.step()
print("the same:", np.array_equal(again.tables["districts"], mission.tables["districts"]))

# %% [markdown]
# Another number for one parameter, all chance the same: how much of the difference is this number's doing?

# %%
war = 2 * float(scenario.parameters(3)["gang_rivalry.rate"])
harsher = teritwa.Mission(scenario.replace(params={"gang_rivalry.rate": war}), draw=3, replicate=0)
for _ in range(120):
    harsher.step()
killed = [int(one.recording.outcomes()["killed"][:120].sum()) for one in (mission, harsher)]
print(f"killed in 120 days: {killed[0]:,}, with twice the rate of wars between gangs {killed[1]:,}")
