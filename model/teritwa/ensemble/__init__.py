"""Many runs: who does them, what is kept of each, and the result folder that they leave."""
