#!/bin/sh
# render.sh balancer|front <folder>: writes the configuration of one nginx. compose.yaml and scripts/topology.sh use it.
#   LISTEN    address and port                      STATUS    address and port of /status
#   NEXT      servers of the next tier, host:port, separated by spaces
#   balancer: TLS_DIR     fullchain.pem and privkey.pem; empty: without TLS    REDIRECT  address and port of plain HTTP
#   front:    BALANCER    the balancer's address    WEB_ROOT  the web application's files
# Optional: NGINX_RUN, NGINX_USER, NGINX_WORKERS, NGINX_MODULES.
set -eu
role=$1 to=$2 here=$(cd "$(dirname "$0")" && pwd)
: "${LISTEN:?}" "${STATUS:?}" "${NEXT:?}"
export LISTEN STATUS NGINX_RUN="${NGINX_RUN:-$to/run}" NGINX_USER="${NGINX_USER:-www-data}" NGINX_WORKERS="${NGINX_WORKERS:-auto}"
export NGINX_MODULES="${NGINX_MODULES:-/usr/lib/nginx/modules}" TLS_DIR="${TLS_DIR:-}" REDIRECT="${REDIRECT:-}" BALANCER="${BALANCER:-}" WEB_ROOT="${WEB_ROOT:-}"
[ "$role" = balancer ] || : "${BALANCER:?}" "${WEB_ROOT:?}"
# Two failures within two seconds take a server out for two seconds.
SERVERS=$(for server in $NEXT; do printf 'server %s max_fails=2 fail_timeout=2s; ' "$server"; done)
export SERVERS
mkdir -p "$to/pages" "$NGINX_RUN"
write() { # write <template> <file>: only our variables, because nginx has its own
    envsubst '$LISTEN $STATUS $SERVERS $TLS_DIR $REDIRECT $BALANCER $WEB_ROOT $NGINX_RUN $NGINX_USER $NGINX_WORKERS $NGINX_MODULES' \
        <"$here/$1.conf.template" >"$to/$2.conf"
}
cp "$here"/*.conf "$to"
cp "$here/unavailable.html" "$to/pages"
write "$role" nginx
write paths paths
write status status
if [ -n "$TLS_DIR" ]; then write listen-tls listen; else write listen-plain listen; fi
if [ -n "$REDIRECT" ]; then write redirect redirect; cat "$to/redirect.conf" >>"$to/status.conf"; rm "$to/redirect.conf"; fi
