"""What police, army and mission do in the field: orders, operations, nights, bases and equipment."""
