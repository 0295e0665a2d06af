#!/usr/bin/env bash
# Installs the peers that benchmarks are held against, into this folder: npm run bench:peers
# Each that cannot be installed is named, and the benchmarks go without it. All of it lies in
# node_modules, where no tool of the repository looks.
set -u
cd "$(dirname "$0")"
failed=0
venv=node_modules/.venv
mkdir -p node_modules

missing() {
  echo "bench/peers: $1 not installed: $2" >&2
  failed=1
}

if command -v python3 >/dev/null; then
  if [ -x "$venv/bin/python" ] || python3 -m venv "$venv"; then
    # One by one, so that a platform without a wheel for one of them has the others.
    while read -r package; do
      "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$package" ||
        missing "$package" "pip failed"
    done <requirements.txt
  else
    missing "the Python peers" "python3 -m venv failed (Debian: apt-get install python3-venv)"
  fi
else
  missing "the Python peers" "there is no python3"
fi

npm install --no-save --no-package-lock --no-audit --no-fund --silent ||
  missing "nodejs-order-book and @mongodb-js/zstd" "npm failed"

if command -v cargo >/dev/null; then
  # For this very processor: the peer at its fastest.
  RUSTFLAGS="-C target-cpu=native" CARGO_TARGET_DIR="$PWD/node_modules/.cargo" \
    cargo build --quiet --release --manifest-path grid/Cargo.toml ||
    missing "hftbacktest's Rust core" "cargo failed"
else
  missing "hftbacktest's Rust core" "there is no cargo"
fi

[ "$failed" -eq 0 ] && echo "bench/peers: all peers are installed"
exit "$failed"
