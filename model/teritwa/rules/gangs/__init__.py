"""Rules of gangs: attacks, rivalry, kidnapping, extortion, arms, membership and relocation."""
