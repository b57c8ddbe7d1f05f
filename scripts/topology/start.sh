# How the topology is set up: databases, product, monitoring. Sourced by topology.sh.

sql() { mariadb --no-defaults --socket="$DIR/run/$1.sock" --user=root --execute "$2"; }
cluster() { redis-cli -p "$REDIS_1_DIRECT" "$@"; }

databases() {
    local part nodes=()
    echo "== MariaDB and its replica, Redis as a cluster of six"
    for part in mariadb mariadb-replica; do
        mkdir -p "$DIR/$part"
        mariadb-install-db --no-defaults --datadir="$DIR/$part" --auth-root-authentication-method=normal --skip-test-db >"$DIR/log/$part-install.log" 2>&1
    done
    for part in mariadb mariadb-replica redis-0 "${CLUSTER_NODES[@]}"; do spawn "$part"; done
    for part in mariadb mariadb-replica; do wait_for "$part" sql "$part" "SELECT 1"; done
    sql mariadb "CREATE DATABASE afpi; CREATE USER afpi@'127.0.0.1' IDENTIFIED BY '$PASSWORD'; GRANT ALL ON afpi.* TO afpi@'127.0.0.1';
        CREATE USER replica@'127.0.0.1' IDENTIFIED BY '$PASSWORD'; GRANT REPLICATION SLAVE ON *.* TO replica@'127.0.0.1';
        CREATE USER exporter@'127.0.0.1' IDENTIFIED BY '$PASSWORD'; GRANT PROCESS, REPLICA MONITOR, SELECT ON *.* TO exporter@'127.0.0.1'"
    spawn relay
    sql mariadb-replica "CHANGE MASTER TO master_host='127.0.0.1', master_port=$MARIADB, master_user='replica', master_password='$PASSWORD',
        master_use_gtid=slave_pos, master_connect_retry=1, master_heartbeat_period=1; START SLAVE"
    for part in "${CLUSTER_NODES[@]}"; do
        wait_for "$part" redis-cli -p "$(port "$part-direct")" ping
        nodes+=("127.0.0.1:$(port "$part-direct")")
    done
    redis-cli --cluster create "${nodes[@]}" --cluster-replicas 1 --cluster-yes >"$DIR/log/cluster.log"
    wait_for redis-1 eval 'cluster cluster info | grep -q cluster_state:ok'
}

answers() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$1"; }

product() {
    local n part
    echo "== two backends, a worker, two fronts and the balancer"
    command_of backend-1
    env "${ENVIRONMENT[@]}" "$AFPI" migrate >"$DIR/log/migrate.log" 2>&1 || { tail -5 "$DIR/log/migrate.log" >&2; exit 1; }
    # The first one compiles the plugins. The others get a copy, which saves a minute.
    spawn backend-1
    wait_for backend-1 answers "$BACKEND_1_DIRECT/readyz"
    for part in backend-2 worker; do
        cp -a "$DIR/backend-1" "$DIR/$part"
        spawn "$part"
    done
    wait_for backend-2 answers "$BACKEND_2_DIRECT/readyz"
    wait_for worker answers "$WORKER/readyz"
    command_of backend-1
    echo "$PASSWORD" | env "${ENVIRONMENT[@]}" "$AFPI" admin create-user --email admin@topology.test --name Admin --role admin >"$DIR/log/admin.log" 2>&1
    for n in 1 2; do
        LISTEN="127.0.0.1:$(port "front-$n-direct")" STATUS="127.0.0.1:$(port "front-$n-status")" NEXT="127.0.0.1:$BACKEND_1 127.0.0.1:$BACKEND_2" \
            BALANCER=127.0.0.1 WEB_ROOT="$PWD/dist/web" NGINX_USER="$(id -un)" NGINX_WORKERS=1 NGINX_MODULES="$NGINX_MODULES" deploy/nginx/render.sh front "$DIR/front-$n"
    done
    LISTEN="127.0.0.1:$BALANCER" STATUS="127.0.0.1:$BALANCER_STATUS" NEXT="127.0.0.1:$FRONT_1 127.0.0.1:$FRONT_2" NGINX_USER="$(id -un)" NGINX_WORKERS=1 \
        deploy/nginx/render.sh balancer "$DIR/balancer"
    for part in front-1 front-2 balancer; do spawn "$part"; done
    wait_for balancer answers "$BALANCER/healthz"
}

monitoring() {
    local to="$DIR/prometheus" part
    echo "== exporters, Alertmanager and Prometheus"
    mkdir -p "$to/targets"
    cp deploy/prometheus/*.yml "$to"
    target() { # target <job> <address or URL> <instance> [<more labels>]
        printf -- '- targets: ["%s"]\n  labels: { instance: "%s"%s }\n' "$2" "$3" "${4:-}" >>"$to/targets/$1.yml"
    }
    target afpi "127.0.0.1:$BACKEND_1_DIRECT" backend-1
    target afpi "127.0.0.1:$BACKEND_2_DIRECT" backend-2
    target afpi-worker "127.0.0.1:$WORKER" worker
    target mariadb "127.0.0.1:$MARIADB_EXPORTER" mariadb
    target mariadb "127.0.0.1:$MARIADB_REPLICA_EXPORTER" mariadb-replica
    for part in balancer front-1 front-2; do target nginx "127.0.0.1:$(port "$part-exporter")" "$part"; done
    for part in $([ -n "$CLUSTER" ] || echo redis-0) "${CLUSTER_NODES[@]}"; do
        target redis "redis://127.0.0.1:$(port "$part-direct")" "$part" ", __exporter: \"127.0.0.1:$REDIS_EXPORTER\""
    done
    target probe "http://127.0.0.1:$BALANCER/healthz" balancer ", __exporter: \"127.0.0.1:$BLACKBOX_EXPORTER\""
    target node "127.0.0.1:$NODE_EXPORTER" here
    target alertmanager "127.0.0.1:$ALERTMANAGER" alertmanager
    for part in node-exporter mariadb-exporter mariadb-replica-exporter redis-exporter balancer-exporter front-1-exporter front-2-exporter blackbox-exporter; do spawn "$part"; done
    ALERT_WEBHOOK="http://127.0.0.1:$WEBHOOK/" SMTP_PLAIN=1 SMTP_HOST=127.0.0.1:$MAILBOX SMTP_FROM=afpi@topology.test ALERT_MAIL=admin@topology.test \
        deploy/alertmanager/render.sh "$DIR/alertmanager.yml"
    spawn alertmanager
    spawn prometheus
    wait_for prometheus answers "$PROMETHEUS/-/ready"
}

addresses() {
    echo "the product      http://127.0.0.1:$BALANCER      admin@topology.test, password in $DIR/settings"
    echo "backends         http://127.0.0.1:$BACKEND_1  http://127.0.0.1:$BACKEND_2    worker  http://127.0.0.1:$WORKER"
    echo "MariaDB          127.0.0.1:$MARIADB, its replica 127.0.0.1:$MARIADB_REPLICA"
    echo "Redis            cluster 127.0.0.1:$REDIS_1…, single 127.0.0.1:$REDIS_0"
    echo "Prometheus       http://127.0.0.1:$PROMETHEUS      Alertmanager  http://127.0.0.1:$ALERTMANAGER"
    echo "the program uses $([ -n "$CLUSTER" ] && echo "the cluster" || echo "one Redis") and $([ -n "$REPLICA" ] && echo "the replica" || echo "the primary alone")"
}
