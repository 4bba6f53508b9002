"""What is told in words, from stored results and tables.

`page` is the page about results: `answers`, what drove them (`drivers`), pictures (`pictured`, over `svg`), the map of
the weeks (`atlas`), what went in (`inputs`), and which counts it holds (`checks`). `validation` is the page about how
far to trust the model: `findings`, what 2024 taught (`learned`) and `reasons` for misses, as `markdown`; `validating`
makes its tables. `story` tells the history of one place.
"""
