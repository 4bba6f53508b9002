"""Calibration: pasts under which the model reproduces the 2024 data.

Reproduced means within the errors of the counts and of the model. Many pasts are followed at once,
each with its own parameters, moods and chance. A linear model of runs of the prior says where they
begin (`guess`); step by step they are led to the posterior (`tempering`), by the likelihood of the
counts given a run (`observation`). The table that ships takes rows of them that differ; each run of
a row replays its past.

`left_out` predicts each count from all others, `recovery` asks whether the method finds what is
known, and `prediction` holds pasts as of a day against later counts. What past missions say of some
parameters is learned in another way (`teritwa.analysis.missions`), by `waves` of runs, an
`emulator` and a `sampler`.
"""
