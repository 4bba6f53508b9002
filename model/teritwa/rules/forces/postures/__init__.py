"""Postures: what officers do where they are, one file of parameters each."""
