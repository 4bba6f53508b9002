"""What people do and suffer: self-defence, flight and return, aid, services and trust."""
