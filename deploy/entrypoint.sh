#!/bin/sh
# Secrets as files: the setting <NAME> is read from the file that <NAME>_FILE names. An empty file is no setting.
set -eu
for name in AFPI_SECRET DATABASE_URL DATABASE_REPLICA_URL REDIS_URL REDIS_CLUSTER_NODES REDIS_SENTINEL_NODES SMTP_URL; do
    eval "file=\${${name}_FILE:-}"
    [ -n "$file" ] || continue
    value=$(cat "$file")
    unset "${name}_FILE"
    [ -z "$value" ] || export "$name=$value"
done
exec afpi "$@"
