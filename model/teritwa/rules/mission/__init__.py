"""What sends and keeps the mission: contributors, donors, money, mandates and politics."""
