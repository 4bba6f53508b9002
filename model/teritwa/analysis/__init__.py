"""Comparison, sensitivity and scoring of ensembles, and the figures that were counted."""
