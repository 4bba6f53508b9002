"""What police, army and mission do: orders, operations, nights, bases and equipment."""
