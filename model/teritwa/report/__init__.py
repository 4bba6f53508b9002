"""Results and validation in words.

`page` composes the page about results. Its parts are the answers (`answers`, with
`answer_sentences` and the rules of `verdicts`), the drivers of differences (`drivers`,
`scenario_differences`), `figures` (as `svg`), the map of the weeks (`map_data`,
`map_projection`), counts of 2024 beside runs (`count_comparison`), the validation that ships
(`validation_checks`), and `provenance`.

`validation` composes the page about how far to trust the model from `validation_tables`, which
`validation_run` makes. Its sections are in `fit_sections`, `parameter_learning` and
`validation_sections`, as `markdown`; `findings`, `prediction_findings` and
`validation_failures` state what the tables say, `validation_notes` what they cannot say.

`district_history` describes the history of one district.
"""
