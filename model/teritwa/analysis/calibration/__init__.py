"""Calibration: pasts under which the model reproduces the 2024 data.

Reproduced means within the errors of the counts and of the model. Many pasts are followed at once,
each with its own parameters, moods and chance, drawn from the prior. Month by month they meet what
was counted until then (`filtering`), by the likelihood of the counts given a run (`observation`).
Of those that remain the posterior takes rows that differ; each run of a row replays its past.

`left_out` predicts each count from all others, `recovery` asks whether the method finds what is
known, and `prediction` holds pasts as of a day against later counts. What past missions say of some
parameters is learned in another way (`teritwa.analysis.missions`), by `waves` of runs, an
`emulator` and a `sampler`.
"""
