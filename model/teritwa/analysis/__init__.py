"""What ensembles say: scenarios compared run by run, and the figures that were counted in Haiti."""
