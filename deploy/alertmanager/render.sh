#!/bin/sh
# render.sh <file>: writes Alertmanager's configuration, which cannot read the environment itself. compose.yaml and
# scripts/topology.sh use it.
#   ALERT_MAIL  who gets mails, with SMTP_HOST (host:port) and SMTP_FROM; SMTP_USER and SMTP_PASSWORD_FILE if it signs in;
#               SMTP_PLAIN=1 for a server without TLS
#   ALERT_WEBHOOK  an address that gets every alert as JSON
set -eu
to=$1 here=$(cd "$(dirname "$0")" && pwd)
{
    echo "global:"
    echo "  resolve_timeout: 5m"
    if [ -n "${ALERT_MAIL:-}" ]; then
        echo "  smtp_smarthost: '${SMTP_HOST:?}'"
        echo "  smtp_from: '${SMTP_FROM:?}'"
        [ -z "${SMTP_PLAIN:-}" ] || echo "  smtp_require_tls: false"
        [ -z "${SMTP_USER:-}" ] || printf "  smtp_auth_username: '%s'\n  smtp_auth_password_file: '%s'\n" "$SMTP_USER" "${SMTP_PASSWORD_FILE:?}"
    fi
    cat "$here/routes.yml"
    [ -z "${ALERT_MAIL:-}" ] || printf "    email_configs:\n      - to: '%s'\n        send_resolved: true\n" "$ALERT_MAIL"
    [ -z "${ALERT_WEBHOOK:-}" ] || printf "    webhook_configs:\n      - url: '%s'\n        send_resolved: true\n" "$ALERT_WEBHOOK"
} >"$to"
