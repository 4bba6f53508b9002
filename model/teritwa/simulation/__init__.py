"""One run: the records of day 0, a day at a time, the events of the scenario and what is recorded."""
