#!/bin/sh
# GET /v1/status with a valid token over loopback under 50 connections: wirereport beside Flask + PyJWT under gunicorn with two
# workers, one after the other under the same load, in the same run. Prints both, and leaves by 1 where wirereport is not ten
# times as fast or its p99 is not under 20 ms.
#
#   examples/brain_api/run.sh [SECONDS]
#
# Needs cargo, Python with PyPI for a venv in target/, and wrk (Debian's package). BIN takes a binary that is there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
seconds=${1:-15}
venv=$root/target/flask
command -v wrk >/dev/null || { echo "wrk is not there: apt-get install wrk" >&2; exit 1; }
if [ ! -x "$venv/bin/gunicorn" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check flask==3.1.3 pyjwt==2.15.1 gunicorn==27.0.1
fi
bin=${BIN:-}
if [ -z "$bin" ]; then
    (cd "$root" && cargo build --release --locked --bin wirereport)
    bin=$root/target/release/wirereport
fi

dir=$(mktemp -d)
ours='' theirs=''
cleanup() {
    [ -z "$ours" ] || kill "$ours" 2>/dev/null || true
    [ -z "$theirs" ] || kill "$theirs" 2>/dev/null || true
    rm -rf "$dir"
}
trap cleanup EXIT
cd "$dir"
key=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
cat > wire.toml <<SETTINGS
state_dir = "state"
http.listen = "off"
api.listen = "127.0.0.1:8791"
health.listen = "off"
log.level = "error"
[feeds.espn]
base_url = "http://127.0.0.1:9"
[channels.terminal]
enabled = false
SETTINGS
export WIREREPORT_CONFIG=wire.toml
BRAIN_API_SECRET_KEY=$key "$bin" run >/dev/null 2>ours.log &
ours=$!
until token=$("$bin" token issue --name bench --scope read 2>/dev/null); do sleep 0.2; done
curl -sf -H "Authorization: Bearer $token" http://127.0.0.1:8791/v1/status > status.json
echo "the answer has $(wc -c < status.json) bytes"

KEY=$key STATUS=$dir/status.json "$venv/bin/gunicorn" --chdir "$here" --workers 2 --bind 127.0.0.1:8792 \
    --log-level error flask_status:app 2>theirs.log &
theirs=$!
until curl -sf -o /dev/null -H "Authorization: Bearer $token" http://127.0.0.1:8792/v1/status; do sleep 0.2; done

load() {
    wrk --threads 1 --connections 50 --duration "$2s" --latency -H "Authorization: Bearer $token" \
        "http://127.0.0.1:$1/v1/status"
}
for port in 8791 8792; do load $port 3 >/dev/null; done
echo "== wirereport"
load 8791 "$seconds" | tee ours.txt
echo "== Flask + PyJWT, gunicorn with 2 workers"
load 8792 "$seconds" | tee theirs.txt
awk '
    function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
    /99%/ { p99[FILENAME] = ms($2) }
    /Requests\/sec/ { rate[FILENAME] = $2 }
    /Non-2xx/ { bad[FILENAME] = $NF }
    END {
        times = rate["ours.txt"] / rate["theirs.txt"]
        printf "wirereport %d requests/s, p99 %.1f ms; Flask %d requests/s, p99 %.1f ms: %.1f times\n", rate["ours.txt"], \
            p99["ours.txt"], rate["theirs.txt"], p99["theirs.txt"], times
        exit !(times >= 10 && p99["ours.txt"] < 20 && !bad["ours.txt"] && !bad["theirs.txt"])
    }' ours.txt theirs.txt
