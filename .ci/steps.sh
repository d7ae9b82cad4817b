# For .ci/run and .ci/slow: steps with their names and times, one temporary folder, and other versions of Node.
# shellcheck shell=bash

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CI=true
exec </dev/null

scratch=$(mktemp -d)
# Tests that act as another user must be able to reach their own folders in it.
chmod 711 "$scratch"
export TMPDIR="$scratch"
current='(before the first step)'
steps=0

finish() {
  local status=$?
  rm -rf "$scratch"
  if [ "$status" -ne 0 ]; then printf '\nFAILED in step: %s (status %s)\n' "$current" "$status"; fi
  exit "$status"
}
trap finish EXIT

# step NAME COMMAND…   runs the command; the script ends if it fails
step() {
  current=$1
  shift
  printf '\n=== %s\n' "$current"
  local from=$SECONDS
  "$@"
  steps=$((steps + 1))
  printf -- '--- %s: %s s\n' "$current" "$((SECONDS - from))"
}

# repeated COMMAND…   for commands that use the network: tries again, twice, after a pause
repeated() {
  local try
  for try in 1 2; do
    if "$@"; then return; fi
    printf 'failed (try %s of 3): %s\n' "$try" "$*" >&2
    sleep $((try * 15))
  done
  "$@"
}

# A folder with the newest Node of one major version, from the package that carries its binary (no install script).
install_node() {
  local major=$1 platform
  platform="$(node -p 'process.platform')-$(node -p 'process.arch')"
  mkdir -p "$scratch/node-$major"
  repeated npm install --prefix "$scratch/node-$major" --no-save --ignore-scripts --no-audit --no-fund \
    --loglevel=error "node-$platform@$major" >/dev/null
  ln -s "$scratch/node-$major/node_modules/node-$platform/bin" "$scratch/node-$major/bin"
  case "$("$scratch/node-$major/bin/node" --version)" in
    "v$major."*) ;;
    *) echo "that is not Node $major" && return 1 ;;
  esac
}

# on_node MAJOR COMMAND…   runs a command with another Node first on PATH, so that child processes find it as well. It
# uses the existing build.
on_node() {
  local major=$1
  shift
  [ -d "$scratch/node-$major" ] || install_node "$major"
  (PATH="$scratch/node-$major/bin:$PATH" && node --version && "$@")
}

# test_on_node MAJOR [WORDS FOR VITEST…]
test_on_node() {
  local major=$1
  shift
  on_node "$major" node node_modules/vitest/vitest.mjs run "$@"
}

# Runs the unit tests on another Node, and one test of each part that starts processes.
unit_and_smoke_on_node() {
  local major=$1
  test_on_node "$major" --project unit
  test_on_node "$major" --project process --project isolated \
    test/cli/io/program/programs.test.ts test/local-kms/killed-process.test.ts test/keys/kms/process.test.ts \
    test/crypto/native/workers.test.ts test/streams/memory.test.ts test/cli/io/jobs/pipes.test.ts \
    test/cli/commands/store/in-and-out.test.ts test/cli/commands/logs/reading/read.test.ts \
    test/files/encrypt-file.test.ts test/sources/open-source.test.ts test/sealed/reading/reader.test.ts \
    test/s3/upload/files.test.ts test/s3/download/decrypt-object.test.ts \
    test/logs/writer/winston.test.ts test/logs/upload/uploads.test.ts test/logs/pino/processes.test.ts
  on_node "$major" node scripts/run-examples.mjs
}

# Runs the tests that `npm test` only samples, this time whole. It leaves out tests that take no samples and give the
# same result on every Node: the tarball, the guards except the pages, and the comparison with the Python reader except
# the verdicts.
whole_on_node() {
  SEALPIPE_WHOLE=1 test_on_node "$1" --project unit --project process --project isolated \
    --exclude 'test/interop/!(verdicts).test.ts'
  SEALPIPE_WHOLE=1 test_on_node "$1" --project guards test/guards/pages.test.ts
}

# Folders with other versions of the KMS client, for the tests: the oldest that works as `client` and the one before it,
# the floor of package.json, and the newest.
kms_clients() {
  export SEALPIPE_KMS_CLIENTS="$scratch/kms-clients"
  local name version floor
  floor=$(node -p 'require("./package.json").dependencies["@aws-sdk/client-kms"].replace("^", "")')
  for version in 3.927.0 3.928.0 "$floor" latest; do
    name=$version
    if [ "$version" = "$floor" ]; then name=floor; fi
    mkdir -p "$SEALPIPE_KMS_CLIENTS/$name"
    repeated npm install --prefix "$SEALPIPE_KMS_CLIENTS/$name" --no-save --ignore-scripts --no-audit --no-fund \
      --loglevel=error "@aws-sdk/client-kms@$version" >/dev/null
  done
}

# with_kms_client NAME COMMAND…   runs the command; its tests use that version instead of the installed one
with_kms_client() {
  local name=$1
  shift
  SEALPIPE_KMS_CLIENT="$SEALPIPE_KMS_CLIENTS/$name" "$@"
}

system_python() {
  apt-get update -q && apt-get install -qy python3-cryptography python3-zstandard
}

# What the tests need besides Node. On a user's machine they are skipped if it is missing; here it is required.
prerequisites() {
  local missing=0
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    { echo "Node $(node --version) is older than 20.19" && missing=1; }
  for tool in npm bash python3 moto_server aws; do
    command -v "$tool" >/dev/null || { echo "$tool is not there" && missing=1; }
  done
  python3 -c 'import cryptography' || { echo 'python3 has no cryptography' && missing=1; }
  # The reader of log archives runs with the system's Python, which needs a package for zstd.
  /usr/bin/python3 -c 'import cryptography, zstandard' 2>/dev/null ||
    repeated system_python >/dev/null ||
    { echo '/usr/bin/python3 has no cryptography or no zstandard' && missing=1; }
  if [ ! -d ../shared ]; then
    export SEALPIPE_WITHOUT_SHARED=1
    echo 'SKIPPED: ../shared is not there, so nothing is compared with its FORMAT.md and its public vectors'
  else
    for path in ../shared/vectors ../shared/FORMAT.md; do
      [ -e "$path" ] || { echo "$path is not there" && missing=1; }
    done
  fi
  return "$missing"
}

readme_test_command() {
  repeated npm ci && npm test
}
