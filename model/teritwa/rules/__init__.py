"""The model: what each actor does in a day, one file per mechanism, in the folder of the actor."""
