"""What creates and sustains the mission: force generation, donors, budget, mandate, governance."""
