# %% [markdown]
# # Would Kenya's pledge alone have mattered?
#
# Two scenarios under the same chance, compared run against run. Open this file as a notebook (Jupyter with Jupytext,
# VS Code and Spyder read the `# %%` marks) or run it as a script. It makes a few
# runs of thirteen months, to take half a minute; an answer wants two years and a hundred runs a scenario.

# %%
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import teritwa

folder = Path(mkdtemp(prefix="teritwa-"))
few = {"draws": 10, "replicates": 2, "end": date(2025, 1, 31)}

# %% [markdown]
# A scenario is read strictly from a file or by the name of a shipped one, and never changes: `replace` gives another.

# %%
baseline = teritwa.load("baseline").replace(**few)
kenya = teritwa.load("kenya-1000").replace(**few)
print(kenya.question)

# %% [markdown]
# Runs are kept one by one under the folder. One job keeps a notebook in its own process, which works everywhere.

# %%
results = teritwa.run([baseline, kenya], out=folder, jobs=1)
results[0]

# %% [markdown]
# A comparison pairs the runs that share a draw and a replicate. Most of the spread between runs is common to both
# scenarios and drops out of the difference; what is tied is told as tied.

# %%
comparison = teritwa.compare(results)
comparison

# %%
officers = next(row for row in comparison.rows if row.outcome == "officers_operational, mission")
print(f"able to operate at the end: {officers.difference_median:+.0f} officers in the median pair of runs")

# %% [markdown]
# Pictures return figure and axes, so that they can be changed; their numbers come from a function beside each. All
# arrays are labelled, for questions of your own.

# %%
from teritwa.pictures import fan, fan_table

figure, axes = fan(results[1])
figure

# %%
last = {name: column[-1] for name, column in fan_table(results[1]).items()}
held = results[1].dataset["gang_influence"].isel(week=-1).mean(("draw", "replicate"))
print(f"median share of the capital under gangs on {last['date']}: {last['q50']:.1%}")
print("most held:", ", ".join(held["district_name"].values[held.argsort().values[::-1][:5]]))
