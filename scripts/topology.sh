#!/usr/bin/env bash
# The whole topology on this machine, on loopback and free ports, in a folder of its own (AFPI_TOPOLOGY_DIR, default
# .cache/topology): a balancer, two fronts, two backends, a worker, MariaDB with a replica, Redis as a cluster of six,
# exporters, Prometheus and Alertmanager. deploy/ has the files that it uses.
#
#   topology.sh start                 everything, and prints the addresses
#   topology.sh stop                  ends exactly what was started; the data stays until the next start
#   topology.sh status                which parts run
#   topology.sh <part> start|stop|kill|pause|resume|cut|mend
#
# AFPI_BIN names the program (default: the debug build).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/topology/parts.sh
. scripts/topology/start.sh

start() {
    programs
    stop >/dev/null
    rm -rf "$DIR"
    mkdir -p "$DIR/run" "$DIR/log" "$DIR/mail"
    settle
    . "$DIR/settings"
    databases
    product
    monitoring
    addresses
}

case "${1:-}" in
start) start ;;
stop) stop ;;
status) status ;;
*)
    [ -e "$DIR/settings" ] && [ $# = 2 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 2; }
    . "$DIR/settings"
    programs
    part "$@"
    ;;
esac
