"""Comparison, sensitivity and scoring of ensembles, and the figures counted in Haiti."""
