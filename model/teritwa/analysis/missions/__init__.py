"""What missions achieve, learned from missions of the past: the same rules in other worlds.

Groups of missions are random effects: what is transferable differs from one to the next around a
population mean, and the mission of the shipped scenarios is one more draw from that population.
"""
