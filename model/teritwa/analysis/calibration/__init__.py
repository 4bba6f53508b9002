"""Calibration: an ensemble of parameters under which the model gives 2024 as it was counted, errors allowed for.

Three waves of runs:

1. runs spread evenly over the priors of all uncertain parameters (a scrambled Sobol design), a polynomial emulator of
   each target, and a sample of the parameters that explain what was observed within its errors;
2. runs at that sample, an emulator that knows this region better, and a sample of candidates;
3. two runs of each candidate, which weigh it by what they gave; the posterior that ships is drawn by these weights.

Rejection accepts next to nothing with 27 targets and so many parameters; an emulator learns from every run.
"""
