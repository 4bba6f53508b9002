"""Many runs: executors that do them, the store that keeps each, and the result folder."""
