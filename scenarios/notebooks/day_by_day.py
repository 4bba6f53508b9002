# %% [markdown]
# # One run, a day at a time
#
# A single history from within: a Mesa model whose agents can be examined on any day. Open this file
# as a notebook or run it as a script; it takes a few seconds once the rules are compiled.

# %%
import numpy as np

import teritwa

scenario = teritwa.load("baseline")
mission = teritwa.Mission(scenario, draw=3, replicate=0)
mission.agents_by_type

# %% [markdown]
# The prison break of 2 March 2024 and the offensive around it, seen from one district. The records
# are NumPy structured arrays with one row for each agent; rules write them, and we only read.

# %%
here = [row.name for row in mission.world.districts].index("Solino")
influence, residents = [], []
for _ in range(120):
    mission.step()
    districts = mission.tables["districts"]
    influence.append(float(districts["control"]["gang_influence"][here]))
    residents.append(int(districts["people"]["residents"][here]))
print(f"Solino: influence {influence[0]:.2f} to {influence[-1]:.2f}", end=", ")
print(f"residents {residents[0]:,} to {residents[-1]:,}")

# %% [markdown]
# The same draw and replicate give the same history, so one run can be examined again and again.

# %%
again = teritwa.Mission(scenario, draw=3, replicate=0)
for _ in range(120):
    again.step()
print("the same:", np.array_equal(again.tables["districts"], mission.tables["districts"]))

# %% [markdown]
# Another value of one parameter under the same chance: how much of the difference does it make?

# %%
rate = 2 * float(scenario.parameters(3)["gang_rivalry.rate"])
harsher = teritwa.Mission(scenario.replace(params={"gang_rivalry.rate": rate}), draw=3, replicate=0)
for _ in range(120):
    harsher.step()
killed = [int(run.recording.outcomes()["killed"][:120].sum()) for run in (mission, harsher)]
print(f"killed in 120 days: {killed[0]:,}, with twice as many fights between gangs {killed[1]:,}")
