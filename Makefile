# The two commands of CONTRACT.md and what CI calls. Everything is installed by the target that needs it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := registry resolver verifier whois migrations
DEBIAN := dnsutils knot-dnsutils knot-dnssecutils bind9-utils ldnsutils whois libnet-epp-perl chromium fonts-noto-cjk curl poppler-utils fstrm-bin knot nsd
PEERS := dnsperf wrk gcc libc6-dev bind9 pdns-server pdns-backend-bind

.PHONY: run test check nightly bench golden clean
.DELETE_ON_ERROR:

run: $(VENV)/.run
	@exec $(BIN)/zhengming up --demo $(ARGS)

# Browsers, name servers and relays are real programs with clocks of their own: on a machine that is busy one may miss its second. What fails
# is tried once more, and the summary says that it was; what fails twice fails.
AGAIN := -p pytest_rerunfailures --reruns 1 --reruns-delay 1

# The stories start the whole product, kill parts of it and hold it to its times: they run last and alone.
test: $(VENV)/.test $(VENV)/.debian $(VENV)/.node
	$(BIN)/python -m pytest -n 4 --dist loadgroup -m "not story" $(AGAIN) $(ARGS)
	$(BIN)/python -m compileall -q $(SOURCES)
	$(BIN)/python -m pytest -m story $(AGAIN) $(ARGS)

check: $(VENV)/.test
	$(BIN)/ruff format --check $(SOURCES) tests bench
	$(BIN)/ruff check $(SOURCES) tests bench
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/house

# A million texts against the name decision; hours.
nightly: $(VENV)/.test
	ZHENGMING_EXAMPLES=1000000 $(BIN)/python -m pytest -q tests/policy/test_decision_properties.py
	ZHENGMING_FUZZ_PACKETS=1000000 $(BIN)/python -m pytest -q tests/answering/test_hostile_questions.py

bench: $(VENV)/.test $(VENV)/.debian $(VENV)/.peers
	@for file in bench/*.py; do $(BIN)/python $$file || exit 1; done

golden: $(VENV)/.test
	$(BIN)/python -m tests.kit.golden

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e . 1>&2
	touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e .[test] 1>&2
	touch $@ $(VENV)/.run

# Programs that the tests talk to; as root on Debian they are installed here, elsewhere they must be there.
$(VENV)/.debian: | $(VENV)/bin/python
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  dpkg -s $(DEBIAN) >/dev/null 2>&1 || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(DEBIAN) >/dev/null; }; \
	fi
	touch $@

# Peers that the benchmarks run beside ours in the same run.
$(VENV)/.peers: | $(VENV)/bin/python
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  dpkg -s $(PEERS) >/dev/null 2>&1 || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(PEERS) >/dev/null; }; \
	fi
	touch $@

# axe-core checks the accessibility of every page.
$(VENV)/.node: | $(VENV)/bin/python
	npm install --silent --no-audit --no-fund --prefix $(VENV)/node axe-core@4 1>&2
	touch $@

clean:
	rm -rf $(VENV) var build *.egg-info
