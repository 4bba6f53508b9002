# %% [markdown]
# # Would Kenya's pledge alone have mattered?
#
# Two scenarios under the same chance, compared run by run. Open this file as a notebook (Jupyter
# with Jupytext, VS Code and Spyder read the `# %%` marks) or run it as a script. It makes a few
# runs of thirteen months, which take half a minute; an answer needs two years and a hundred runs
# of each scenario.

# %%
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import teritwa

folder = Path(mkdtemp(prefix="teritwa-"))
few = {"draws": 10, "replicates": 2, "end": date(2025, 1, 31)}

# %% [markdown]
# A scenario is read from a file, or by the name of a shipped one. It never changes: `replace`
# returns another scenario.

# %%
baseline = teritwa.load("baseline").replace(**few)
kenya = teritwa.load("kenya-1000").replace(**few)
print(kenya.question)

# %% [markdown]
# Each run is stored in the folder as soon as it has finished. With one job all runs stay in this
# process, which works in every notebook.

# %%
results = teritwa.run([baseline, kenya], out=folder, jobs=1)
results[0]

# %% [markdown]
# A comparison pairs the runs that share a draw and a replicate. Most of the spread between runs is
# common to both scenarios and cancels in the difference; ties are reported as ties.

# %%
comparison = teritwa.compare(results)
comparison

# %%
officers = next(row for row in comparison.rows if row.outcome == "officers_operational, mission")
difference = f"{officers.difference_median:+.0f} officers in the median pair of runs"
print(f"able to operate at the end: {difference}")

# %% [markdown]
# Functions that draw return figure and axes, which can be changed; beside each is a function that
# returns its numbers. All arrays are labelled, for questions of your own.

# %%
from teritwa.pictures import fan, fan_table

figure, axes = fan(results[1])
figure

# %%
last = {name: column[-1] for name, column in fan_table(results[1]).items()}
held = results[1].dataset["gang_influence"].isel(week=-1).mean(("draw", "replicate"))
print(f"median share of the capital under gangs on {last['date']}: {last['q50']:.1%}")
print("most held:", ", ".join(held["district_name"].values[held.argsort().values[::-1][:5]]))
