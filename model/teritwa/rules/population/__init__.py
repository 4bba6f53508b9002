"""Rules of the population: self-defence, flight and return, services, aid and trust."""
