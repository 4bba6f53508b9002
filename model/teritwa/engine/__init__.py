"""What any compiled agent-based model needs: rules, randomness, records, parameters, errors and files."""
