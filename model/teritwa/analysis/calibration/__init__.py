"""Calibration: an ensemble of parameters under which the model reproduces the 2024 data.

Reproduced means within the errors of the counts and of the model. There are three waves of runs:

1. Runs at a scrambled Sobol design over the priors of all uncertain parameters. An emulator of
   each target is fitted to them, and Markov chains sample the parameters that it finds likely.
2. Runs at that sample. A second emulator, more accurate in this region, proposes candidates.
3. Two runs of each candidate. Importance weights follow from their results, and resampling by
   these weights gives the posterior that ships.

With 27 fitted targets and so many parameters, rejection sampling would accept next to nothing; an
emulator learns from every run.
"""
