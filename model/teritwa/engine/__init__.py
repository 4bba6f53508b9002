"""What any compiled agent-based model needs: compiler, randomness, records, parameters, files."""
