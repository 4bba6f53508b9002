"""The records of agents and institutions: their fields, with units and meanings."""
