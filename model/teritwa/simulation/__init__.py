"""One run: the records of day 0, a day at a time, dated events, and what is recorded."""
