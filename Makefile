# For people who work on MyChat. ./demo tries it; ./test tests it.

PREFIX ?= /usr/local
SWIFT ?= swift
RELEASE = -c release --static-swift-stdlib
VENV = .cache/venv
SWIFT_FILES = Sources Tests Package.swift fuzz/Sources soak/Sources/soak/Soak.swift Benchmarks/codecs/Sources/codecs Benchmarks/codecs/Package.swift \
	Benchmarks/core soak/Package.swift

.PHONY: attacks deploy image install-service soak soak-processes soak-memory break-rules build debug bench integration mutants fuzz crash conformance lint format screenshots install uninstall clean

# Builds both programs into bin/, as people run them.
build:
	@sh -c '. ./tools/setup.sh; need_packages build; need_swift; mkdir -p .build; build_release .build/release.log'

# The quick build for everyday work; warnings are errors.
debug:
	MYCHAT_STRICT=1 $(SWIFT) build

# Measures speed: see Benchmarks/README.md.
bench: build
	Benchmarks/run

# Plays the scenarios of fixtures/scenarios against the bundled server, in both behaviours, and against the reference of
# the real API. For another server: make integration BASE_URL=https://chat.example.org ARGUMENTS=--allow-register
BASE_URL =
ARGUMENTS =
integration:
	@fixtures/scenarios/run $(BASE_URL) $(ARGUMENTS)

# The same against a reference that is broken in one place at a time: the scenarios must notice each break.
mutants:
	@fixtures/scenarios/run --mutants

# Fuzzes every decoder for SECONDS seconds: see fuzz/README.md.
SECONDS = 60
fuzz:
	@fuzz/run $(SECONDS)

# Kills a server again and again under load, and looks for messages that it has lost or duplicated.
LOOPS = 200
crash: build
	@nice -n 19 fixtures/crash/run $(LOOPS)

# Attacks the server as one person can, and measures what the others notice.
attacks: build
	@fixtures/attacks/run $(ATTACKS)

# Runs the files of deploy/ with real programs: proxies, the image, Prometheus. DEPLOY="nginx caddy" runs some of them.
deploy: build
	@fixtures/deploy/run $(DEPLOY)

# Makes a container image without a daemon: see deploy/oci/build.
image: build
	@deploy/oci/build

# Runs the client's core against a model of each kind of server, with faults from seeds: see docs/outbox-rules.md.
# `make soak SEED=N [KIND=bundled|original]` repeats one seed and prints what happens in it.
SEEDS = 10000
soak:
	$(SWIFT) build -c release --package-path soak
	soak/.build/release/soak $(if $(SEED),--from $(SEED) --seeds 1 --trace 1,--seeds $(SEEDS)) $(if $(KIND),--kind $(KIND))

# Kills real programs under traffic, and watches the client's memory under traffic: see fixtures/soak/README.md.
CYCLES = 1000
soak-processes: build
	fixtures/soak/processes --server bundled --cycles $(CYCLES)
	fixtures/soak/processes --server reference --cycles $(CYCLES)
	fixtures/soak/processes --server reference --failing --cycles $(CYCLES)

MINUTES = 60
soak-memory: build
	fixtures/soak/memory --minutes $(MINUTES)

# Breaks each rule of the outbox on purpose: its tests must fail (docs/outbox-rules.md).
break-rules:
	fixtures/rule-breaks/run

# Runs the public protocol suites against both ends: see docs/conformance.md.
conformance:
	fixtures/conformance/run

lint:
	$(SWIFT) format lint --parallel --recursive $(SWIFT_FILES)
	fixtures/rule-breaks/run --check
	@if command -v shellcheck >/dev/null; then shellcheck -x fixtures/conformance/run fixtures/scenarios/run demo test tools/setup.sh .ci/run fuzz/run deploy/systemd/renew-hook; fi
	@if command -v mandoc >/dev/null; then mandoc -Tlint -W warning man/*.1 man/*.5 man/*.8; fi

format:
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_FILES)

# Runs the real program and renders its screens into docs/screenshots/.
screenshots: build $(VENV)/ready
	@sh -c '. ./tools/setup.sh; need_packages screenshots'
	$(VENV)/bin/python tools/screenshots.py

$(VENV)/ready: tools/requirements.txt
	@sh -c '. ./tools/setup.sh; need_packages screenshots'
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r tools/requirements.txt
	touch $@

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(PREFIX)/share/man/man8
	install -s -m 755 bin/mychat bin/mychat-server $(DESTDIR)$(PREFIX)/bin/
	install -m 644 man/mychat.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 man/mychat-script.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	install -m 644 man/mychat-server.8 $(DESTDIR)$(PREFIX)/share/man/man8/
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	bin/mychat completions bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/mychat
	bin/mychat completions zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_mychat
	bin/mychat completions fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/mychat.fish

# The units of systemd for the server, beside what `install` installs: see deploy/README.md.
install-service:
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system $(DESTDIR)$(PREFIX)/lib/sysusers.d \
		$(DESTDIR)$(PREFIX)/lib/tmpfiles.d $(DESTDIR)$(PREFIX)/share/mychat-server
	sed 's|/usr/local/|$(PREFIX)/|' deploy/systemd/mychat-server.service \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/mychat-server.service
	install -m 644 deploy/systemd/mychat-server-tls.socket deploy/systemd/mychat-server-proxy.socket \
		$(DESTDIR)$(PREFIX)/lib/systemd/system/
	install -m 644 deploy/systemd/sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/mychat-server.conf
	install -m 644 deploy/systemd/tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/mychat-server.conf
	install -m 644 deploy/systemd/env $(DESTDIR)$(PREFIX)/share/mychat-server/
	install -m 755 deploy/systemd/renew-hook $(DESTDIR)$(PREFIX)/share/mychat-server/

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/mychat $(DESTDIR)$(PREFIX)/bin/mychat-server
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/mychat \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_mychat \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/mychat.fish
	rm -f $(DESTDIR)$(PREFIX)/share/man/man1/mychat.1 $(DESTDIR)$(PREFIX)/share/man/man5/mychat-script.5
	rm -f $(DESTDIR)$(PREFIX)/share/man/man8/mychat-server.8
	rm -f $(DESTDIR)$(PREFIX)/lib/systemd/system/mychat-server.service \
		$(DESTDIR)$(PREFIX)/lib/systemd/system/mychat-server-tls.socket \
		$(DESTDIR)$(PREFIX)/lib/systemd/system/mychat-server-proxy.socket \
		$(DESTDIR)$(PREFIX)/lib/sysusers.d/mychat-server.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/mychat-server.conf
	rm -rf $(DESTDIR)$(PREFIX)/share/mychat-server

clean:
	rm -rf .build bin .cache
