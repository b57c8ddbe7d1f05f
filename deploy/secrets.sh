#!/bin/sh
# secrets.sh [<folder>]: writes the secrets of compose.yaml, each a file of its own, in a folder that only you can enter
# (default: secrets). What is there already stays. SMTP_URL and ALERT_SMTP_PASSWORD
# are taken from the environment.
set -eu
to=${1:-secrets}
umask 077
mkdir -p "$to"
keep() { # keep <name>: standard input, unless the file is there. Containers read it with users of their own.
    if [ -e "$to/$1" ]; then cat >/dev/null; else cat >"$to/$1" && chmod 444 "$to/$1" && echo "$to/$1"; fi
}
word() { openssl rand -hex 24; }
openssl rand -base64 36 | keep afpi_secret
# Empty until one secret takes over from another (docs/operations.md).
keep afpi_secret_next </dev/null
keep afpi_secret_previous </dev/null
for name in backup_passphrase db_password db_replication_password db_exporter_password redis_password grafana_password; do word | keep "$name"; done
db=$(cat "$to/db_password") redis=$(cat "$to/redis_password")
echo "mysql://afpi:$db@mariadb:3306/afpi" | keep database_url
echo "mysql://afpi:$db@mariadb-replica:3306/afpi" | keep database_replica_url
echo "redis://:$redis@redis:6379" | keep redis_url
echo "redis://:$redis@redis-1:6379,redis-2:6379,redis-3:6379,redis-4:6379,redis-5:6379,redis-6:6379" | keep redis_cluster_nodes
printf '[client]\nuser=exporter\npassword=%s\n' "$(cat "$to/db_exporter_password")" | keep db_exporter.cnf
for node in redis redis-1 redis-2 redis-3 redis-4 redis-5 redis-6; do printf '"redis://%s:6379":"%s",' "$node" "$redis"; done |
    sed 's/^/{/; s/,$/}/' | keep redis_exporter.json
printf '%s' "${SMTP_URL:-}" | keep smtp_url
printf '%s' "${ALERT_SMTP_PASSWORD:-}" | keep alert_smtp_password
