"""Numbers and dates as people read them: the one place where they are put into words."""


def plain(value: float) -> str:
    """Write a number with at most six decimals, no exponent and no trailing zeros."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def reading(unit: str) -> tuple[str, float]:
    """Return the unit in which a number is read, and what to multiply it by."""
    return {"1": ("%", 100.0), "US dollars": ("$ million", 1e-6)}.get(unit, (unit, 1.0))


def legible(value: float) -> str:
    """Write a number for reading: thousands parted, decimals only for small numbers."""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f"{round(value, digits) + 0.0:,.{digits}f}"
