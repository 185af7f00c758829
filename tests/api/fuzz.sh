#!/bin/sh
# Fuzzes a running API by its own description with schemathesis: no 5xx, no answer that breaks its schema.
#
#   TOKEN=… tests/api/fuzz.sh http://127.0.0.1:8000 [EXAMPLES]
#
# EXAMPLES is how many are drawn for each operation (10). Python and PyPI are needed once, for a venv in target/; where they
# are not there it says so and leaves by 77. The stream is left out, since it has no end, and so are backups where root
# runs this: they would be written wherever the fuzzer says.
set -eu
url=$1
examples=${2:-10}
venv=${WIREREPORT_FUZZ_VENV:-$(dirname "$0")/../../target/schemathesis}
version=4.32.5

if [ ! -x "$venv/bin/st" ]; then
    { command -v python3 >/dev/null && python3 -m venv "$venv" &&
        "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"; } >&2 || {
        rm -rf "$venv"
        echo "skipped: schemathesis $version is not to be had here"
        exit 77
    }
fi

set -- --exclude-path /v1/stream
[ "$(id -u)" != 0 ] || set -- "$@" --exclude-path /v1/backup
exec "$venv/bin/st" run "$url/v1/openapi.json" --url "$url" --header "Authorization: Bearer $TOKEN" "$@" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method \
    --phases examples,coverage,fuzzing --max-examples "$examples" --seed 1 --request-timeout 20 \
    --generation-database none --no-color --continue-on-failure --suppress-health-check all --warnings off
