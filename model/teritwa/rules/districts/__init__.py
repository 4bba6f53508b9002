"""What happens in a district given who is there: presence, control and casualties."""
