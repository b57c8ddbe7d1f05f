#!/usr/bin/env bash
# Tests of the alerts, and the configurations of Prometheus, the blackbox exporter and Alertmanager, checked by the programs
# that read them. Ends with: N passed, N failed.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/need.sh
borrow promtool prometheus
borrow amtool prometheus-alertmanager
borrow prometheus-blackbox-exporter prometheus-blackbox-exporter
to="$(mktemp -d)"; trap 'rm -rf "$to"' EXIT
passed=0 failed=0
check() { # check <what> <command>...
    local what="$1"; shift
    if "$@" >"$to/log" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $what"; cat "$to/log"; fi
}
check "prometheus.yml and its rules" promtool check config deploy/prometheus/prometheus.yml
for file in deploy/prometheus/*.test.yml; do check "$file" promtool test rules "$file"; done
check "blackbox.yml" prometheus-blackbox-exporter --config.check --config.file=deploy/prometheus/blackbox.yml
deploy/alertmanager/render.sh "$to/nobody.yml"
ALERT_MAIL=people@example.fr SMTP_HOST=mail.example.fr:587 SMTP_FROM=crm@example.fr SMTP_USER=crm SMTP_PASSWORD_FILE=/run/secrets/password \
    ALERT_WEBHOOK=https://chat.example.fr/hook deploy/alertmanager/render.sh "$to/all.yml"
for file in nobody all; do check "Alertmanager's configuration ($file)" amtool check-config "$to/$file.yml"; done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
