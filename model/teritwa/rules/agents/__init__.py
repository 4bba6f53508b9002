"""What the agents are: their fields, with units. Rules are in `teritwa.rules.registry`."""
