# Tasks of the project: `just --list` names them. Needs the development environment (CONTRIBUTING.md).

python := env("TERITWA_PYTHON", ".venv/bin/python")

# all tests, on all cores
test *options:
    {{python}} -m pytest --numprocesses auto --dist loadfile {{options}}

# the fast tests, rules as plain Python
fast *options:
    NUMBA_DISABLE_JIT=1 {{python}} -m pytest -q -m "not slow" --numprocesses auto --dist loadfile {{options}}

# what takes minutes: killed, failing and resumed ensembles, clusters, memory, speed, mutants
batteries *options:
    {{python}} -m pytest -m battery -s {{options}}

# ratios of speed and memory, in one run
benchmarks *parts:
    {{python}} -m tests.benchmarks {{parts}}

# style and types
check:
    {{python}} -m ruff check .
    {{python}} -m ruff format --check .
    {{python}} -m mypy

# write the generated tables of the documentation anew
generate:
    {{python}} model/documentation/generate.py

# rooms, arrows and floors of the package, and the figures of its code
house:
    {{python}} model/documentation/house.py
    {{python}} model/documentation/code_figures.py

# the whole verdict, in an environment of its own
verdict:
    .ci/run

# write the locked requirements of development anew
lock:
    {{python}} -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file .ci/requirements-dev.txt
