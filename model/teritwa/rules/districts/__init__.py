"""What follows in a district from whoever is there: presence, control and casualties."""
