"""The model: what each actor does in a day, one file a mechanism, in the folder of whoever acts."""
