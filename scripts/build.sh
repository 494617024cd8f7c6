# shellcheck shell=bash
# Building, once: shared by ./quorate, ./lab and ./test. Sourced, with ROOT set to the clone's directory.
#
# The stamp holds the names and times of all sources, listed before the build began. So a file that was edited, added,
# removed or put back (in the middle of a build, or with an old date) leads to a build.

readonly BUILD_STAMP="$ROOT/.build/stamp"
readonly BUILD_LOCK="$ROOT/.build/lock"
readonly BUILD_LOG="$ROOT/.build/build.log"
readonly CLI_PROGRAM="$ROOT/cli/bin/Release/net10.0/quorate"
readonly SDK_MAJOR=10

say() { printf '%s\n' "$*" >&2; }

# Ends the script with a message that says what to do.
die() {
  say "${0##*/}: $*"
  exit 1
}

# One line for each source: its time and its name.
sources_listing() {
  # A folder may be missing in a part of the tree (a container image without examples); that alone is no failure.
  (cd "$ROOT" && { find contracts model hosting services cli agents examples Directory.* global.json BannedSymbols.txt \
    \( -name bin -o -name obj \) -prune -o \
    -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.xml' -o -name '*.json' \
    -o -name '*.sql' -o -name '*.txt' -o -name '*.resx' \) -printf '%T@ %p\n' 2>/dev/null || true; } | LC_ALL=C sort)
}

is_built() {
  [[ -x $CLI_PROGRAM && -r $BUILD_STAMP ]] && sources_listing | cmp --silent - "$BUILD_STAMP"
}

# True when a source changed since the last build and yet is older than that build: MSBuild, which compares times only, would
# leave it out.
has_backdated_source() {
  [[ -r $BUILD_STAMP ]] && LC_ALL=C comm -13 "$BUILD_STAMP" <(sources_listing) |
    awk -v built="$(stat -c %Y "$BUILD_STAMP")" '$1 < built { found = 1 } END { exit !found }'
}

# Remembers a listing that was made before the build.
stamp_build() {
  printf '%s\n' "$1" >"$BUILD_STAMP.new"
  mv "$BUILD_STAMP.new" "$BUILD_STAMP"
}

# An apphost looks for the runtime where the distribution puts it; this finds one that was unpacked somewhere else.
find_runtime() {
  local dotnet
  if [[ -z ${DOTNET_ROOT:-} ]] && dotnet=$(command -v dotnet); then
    dotnet=$(readlink -f "$dotnet")
    export DOTNET_ROOT=${dotnet%/*}
  fi
}

require_sdk() {
  if ! command -v dotnet >/dev/null; then
    say "The .NET SDK $SDK_MAJOR is needed to build Quorate, and 'dotnet' is not on the PATH. To get it:"
  elif ! dotnet --list-sdks 2>/dev/null | grep -q "^$SDK_MAJOR\."; then
    say "The .NET SDK $SDK_MAJOR is needed to build Quorate; 'dotnet --list-sdks' does not list one. To get it:"
  else
    return 0
  fi
  say "  Debian, Ubuntu:  apt-get install dotnet-sdk-$SDK_MAJOR.0   (https://learn.microsoft.com/dotnet/core/install/linux)"
  say "  anywhere:        curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel $SDK_MAJOR.0 && export PATH=\$HOME/.dotnet:\$PATH"
  exit 1
}

# Runs one dotnet build of the given project with nothing on standard output. No build server is left behind: it would
# keep the caller's lock and pipes open. Descriptor 9 is the lock.
dotnet_build() {
  local began=$SECONDS all=()
  has_backdated_source && all=(--no-incremental)
  if ! DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 \
    dotnet build "$ROOT/$1" --configuration Release -nologo -nodeReuse:false -p:UseSharedCompilation=false -v quiet \
    "${all[@]}" >"$BUILD_LOG" 2>&1 </dev/null 9>&-; then
    grep -E 'error|warning' "$BUILD_LOG" | sort -u | head -n 40 >&2 || tail -n 40 "$BUILD_LOG" >&2
    die "the build failed; all of its output is in $BUILD_LOG"
  fi
  say "Built in $((SECONDS - began)) s."
}

# Takes the build lock for the rest of the current (sub)shell; says so if it has to wait.
lock_build() {
  mkdir -p "$ROOT/.build"
  exec 9>"$BUILD_LOCK"
  if ! flock --nonblock 9; then
    say "Another build is running here; waiting for it..."
    flock 9
  fi
}

# Builds the given project (the CLI, and with it every service) unless nothing changed. A second caller waits, and then
# finds it done.
build_if_changed() {
  is_built && return 0
  (
    lock_build
    is_built && exit 0
    require_sdk
    if [[ -e $BUILD_STAMP ]]; then
      say "Sources changed: building Quorate (about 20 s)..."
    else
      say "First run here: restoring packages and building Quorate (about a minute; the packages need the network)..."
    fi
    sources=$(sources_listing)
    dotnet_build cli/Quorate.Cli.csproj
    stamp_build "$sources"
  )
}
