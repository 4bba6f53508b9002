"""What ensembles say: scenarios compared, parameters moved one by one, and the figures counted in Haiti."""
