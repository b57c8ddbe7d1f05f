# The parts of the topology: how each is started, and how each is harmed. Sourced by topology.sh.

DIR="${AFPI_TOPOLOGY_DIR:-.cache/topology}"
mkdir -p "$DIR" && DIR="$(cd "$DIR" && pwd)"
AFPI="$(realpath -m "${AFPI_BIN:-${CARGO_TARGET_DIR:-target}/debug/afpi}")"
CLUSTER_NODES=(redis-1 redis-2 redis-3 redis-4 redis-5 redis-6)
# redis-0 is alone: for a program that does not know clusters.
# In the order in which they start.
PARTS=(mariadb mariadb-replica redis-0 "${CLUSTER_NODES[@]}" relay backend-1 backend-2 worker front-1 front-2 balancer
    node-exporter mariadb-exporter mariadb-replica-exporter redis-exporter balancer-exporter front-1-exporter front-2-exporter
    blackbox-exporter alertmanager prometheus)

programs() {
    need mariadbd mariadb-server
    need redis-server redis-server
    need envsubst gettext-base
    need curl curl
    borrow nginx nginx nginx-common libnginx-mod-http-brotli-static
    borrow prometheus prometheus
    borrow prometheus-alertmanager prometheus-alertmanager
    borrow prometheus-node-exporter prometheus-node-exporter
    borrow prometheus-mysqld-exporter prometheus-mysqld-exporter
    borrow prometheus-redis-exporter prometheus-redis-exporter
    borrow prometheus-nginx-exporter prometheus-nginx-exporter
    borrow prometheus-blackbox-exporter prometheus-blackbox-exporter
    NGINX_MODULES="$(cd "$(dirname "$(command -v nginx)")/.." && pwd)/lib/nginx/modules"
    [ -x "$AFPI" ] || { echo "$AFPI is missing: cargo build -p afpi, or AFPI_BIN" >&2; exit 1; }
}

# One program knows clusters and replicas, another does not: what it does not know is not set.
knows() { grep -qaF "$1" "$AFPI" && echo 1; }

# Every address, once for all: `settings` is read by this script and by topology-test.mjs.
settle() {
    local names=() name
    for name in "${PARTS[@]}"; do names+=("$name"); done
    # Parts that can be cut off listen behind the relay.
    for name in mariadb mariadb-replica redis-0 "${CLUSTER_NODES[@]}" backend-1 backend-2 front-1 front-2; do names+=("$name-direct"); done
    names+=(worker-mariadb worker-redis balancer-status front-1-status front-2-status webhook mailbox)
    for name in "${CLUSTER_NODES[@]}"; do names+=("$name-bus"); done
    node -e '
        const servers = process.argv.slice(1).map((name) => [name, require("net").createServer().listen(0, "127.0.0.1")]);
        setTimeout(() => { for (const [name, s] of servers) { console.log(name.toUpperCase().replaceAll("-", "_") + "=" + s.address().port); s.close(); } }, 50);
    ' "${names[@]}" >"$DIR/settings"
    {
        echo "SECRET=$(node -p 'crypto.randomBytes(30).toString("base64")')"
        echo "PASSWORD=$(node -p 'crypto.randomBytes(18).toString("hex")')"
        echo "AFPI=$AFPI"
        echo "CLUSTER=$(knows REDIS_CLUSTER_NODES)"
        echo "REPLICA=$(knows DATABASE_REPLICA_URL)"
    } >>"$DIR/settings"
}

port() { local name="${1//-/_}"; local upper="${name^^}"; echo "${!upper}"; }

# command <part>: sets COMMAND and ENVIRONMENT.
command_of() {
    local part="$1" here=127.0.0.1 number
    COMMAND=() ENVIRONMENT=()
    case "$part" in
    mariadb | mariadb-replica)
        number=1; [ "$part" = mariadb ] || number=2
        COMMAND=(mariadbd --no-defaults --user="$(id -un)" --datadir="$DIR/$part" --bind-address=$here --port="$(port "$part-direct")"
            --socket="$DIR/run/$part.sock" --character-set-server=utf8mb4 --collation-server=utf8mb4_bin --max-connections=200
            --server-id=$number --log-bin=binlog --binlog-format=ROW --log-slave-updates --gtid-strict-mode=1 --sync-binlog=1
            --innodb-flush-log-at-trx-commit=1 --expire-logs-days=1)
        [ "$number" = 1 ] || COMMAND+=(--read-only=1 --slave-net-timeout=4)
        ;;
    redis-[0-6])
        COMMAND=(redis-server --bind $here --port "$(port "$part-direct")" --dir "$DIR/$part" --save "" --appendonly yes
            --maxmemory 256mb --maxmemory-policy noeviction)
        # Clients learn the port of the relay.
        [ "$part" = redis-0 ] || COMMAND+=(--cluster-enabled yes --cluster-node-timeout 2000 --cluster-port "$(port "$part-bus")"
            --cluster-announce-ip $here --cluster-announce-port "$(port "$part")" --cluster-announce-bus-port "$(port "$part-bus")")
        ;;
    relay)
        COMMAND=(node scripts/topology/relay.mjs "$RELAY")
        for part in mariadb mariadb-replica redis-0 "${CLUSTER_NODES[@]}" backend-1 backend-2 front-1 front-2; do
            COMMAND+=("$part=$(port "$part"):$(port "$part-direct")")
        done
        # Ways of the worker alone, so that it can be cut off from what it needs.
        COMMAND+=("worker-mariadb=$WORKER_MARIADB:$MARIADB_DIRECT" "worker-redis=$WORKER_REDIS:$REDIS_0_DIRECT")
        ;;
    backend-1 | backend-2 | worker)
        local db="$MARIADB" queue="$REDIS_0"
        [ "$part" != worker ] || db="$WORKER_MARIADB" queue="$WORKER_REDIS"
        ENVIRONMENT=(AFPI_SECRET="$SECRET" AFPI_PUBLIC_URL="http://$here:$BALANCER" AFPI_TRUSTED_PROXIES=$here
            DATABASE_URL="mysql://afpi:$PASSWORD@$here:$db/afpi" AFPI_DATA_DIR="$DIR/$part" AFPI_FILES_URL="file://$DIR/files")
        if [ -n "$CLUSTER" ]; then
            ENVIRONMENT+=(REDIS_CLUSTER_NODES="$here:$REDIS_1,$here:$REDIS_2,$here:$REDIS_3,$here:$REDIS_4,$here:$REDIS_5,$here:$REDIS_6")
        else
            ENVIRONMENT+=(REDIS_URL="redis://$here:$queue")
        fi
        [ -z "$REPLICA" ] || ENVIRONMENT+=(DATABASE_REPLICA_URL="mysql://afpi:$PASSWORD@$here:$MARIADB_REPLICA/afpi")
        if [ "$part" = worker ]; then
            ENVIRONMENT+=(AFPI_WORKER_LISTEN="$here:$WORKER" AFPI_BACKUP_DIR="$DIR/backups"); COMMAND=("$AFPI" worker)
        else
            ENVIRONMENT+=(AFPI_LISTEN="$here:$(port "$part-direct")"); COMMAND=("$AFPI" serve)
        fi
        ;;
    balancer | front-1 | front-2)
        COMMAND=(nginx -e stderr -c "$DIR/$part/nginx.conf" -p "$DIR/$part" -g "daemon off;")
        ;;
    node-exporter) COMMAND=(prometheus-node-exporter --web.listen-address="$here:$NODE_EXPORTER") ;;
    mariadb-exporter | mariadb-replica-exporter)
        ENVIRONMENT=(DATA_SOURCE_NAME="exporter:$PASSWORD@($here:$(port "${part%-exporter}-direct"))/")
        COMMAND=(prometheus-mysqld-exporter --web.listen-address="$here:$(port "$part")" --collect.slave_status)
        ;;
    blackbox-exporter)
        COMMAND=(prometheus-blackbox-exporter --web.listen-address="$here:$BLACKBOX_EXPORTER" --config.file=deploy/prometheus/blackbox.yml) ;;
    redis-exporter) COMMAND=(prometheus-redis-exporter -web.listen-address "$here:$REDIS_EXPORTER" -redis.addr "") ;;
    *-exporter)
        COMMAND=(prometheus-nginx-exporter -web.listen-address "$here:$(port "$part")"
            -nginx.scrape-uri "http://$here:$(port "${part%-exporter}-status")/status")
        ;;
    alertmanager)
        # Debian's program reads its texts from a fixed place. Where it is not installed, it gets a view with that place.
        [ -e /usr/share/prometheus/alertmanager ] || COMMAND=(unshare --map-root-user --mount sh -c
            'mount -t overlay overlay -o "lowerdir=$0/share:/usr/share" /usr/share && exec "$@"' "$(dirname "$(dirname "$(command -v prometheus-alertmanager)")")")
        COMMAND+=(prometheus-alertmanager --config.file="$DIR/alertmanager.yml" --storage.path="$DIR/alertmanager"
            --web.listen-address="$here:$ALERTMANAGER" --cluster.listen-address=)
        ;;
    prometheus)
        COMMAND=(prometheus --config.file="$DIR/prometheus/prometheus.yml" --storage.tsdb.path="$DIR/prometheus/data"
            --web.listen-address="$here:$PROMETHEUS" --log.level=warn)
        ;;
    *) echo "no part is called $part" >&2; exit 2 ;;
    esac
}

# The time at which a process began: a number that is used again does not make it ours.
born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

alive() { # alive <part>: sets PID
    local since
    read -r PID since 2>/dev/null <"$DIR/run/$1.pid" || return 1
    [ -n "$since" ] && [ "$(born "$PID")" = "$since" ]
}

# Each part leads a group of its own, so that its children share its fate.
spawn() {
    ! alive "$1" || return 0
    command_of "$1"
    mkdir -p "$DIR/$1"
    env "${ENVIRONMENT[@]}" setsid "${COMMAND[@]}" >>"$DIR/log/$1.log" 2>&1 </dev/null &
    local pid=$!
    disown "$pid"
    sleep 0.05
    echo "$pid $(born "$pid")" >"$DIR/run/$1.pid"
}

wait_for() { # wait_for <part> <command>...: up to two minutes, on a busy machine
    local part="$1"; shift
    for _ in $(seq 600); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        alive "$part" || break
        sleep 0.2
    done
    echo "$part did not start:" >&2; tail -20 "$DIR/log/$part.log" >&2; exit 1
}

# ended <part> <seconds>: has it gone by then?
ended() {
    local tenths=$(($2 * 10))
    while alive "$1"; do
        [ "$((tenths--))" -gt 0 ] || return 1
        sleep 0.1
    done
}

part() {
    local name="$1" link
    case "$2" in
    start) spawn "$name" ;;
    stop)
        alive "$name" || return 0
        # nginx ends open requests on QUIT; the others do on TERM.
        case "$name" in balancer | front-[12]) kill -QUIT "$PID" ;; *) kill -TERM "$PID" ;; esac
        ended "$name" 15 || kill -KILL -- "-$PID"
        ;;
    kill) alive "$name" && kill -KILL -- "-$PID"; ended "$name" 5 ;;
    pause) alive "$name" && kill -STOP -- "-$PID" ;;
    resume) alive "$name" && kill -CONT -- "-$PID" ;;
    cut | mend)
        for link in $([ "$name" = worker ] && echo worker-mariadb worker-redis || echo "$name"); do
            node -e 'fetch(process.argv[1], { method: "POST" }).then((r) => process.exit(r.ok ? 0 : 1))' "http://127.0.0.1:$RELAY/$2/$link"
        done
        ;;
    *) echo "a part can start, stop, kill, pause, resume, cut and mend, but not $2" >&2; exit 2 ;;
    esac
}

stop() {
    local index
    for ((index = ${#PARTS[@]} - 1; index >= 0; index--)); do
        alive "${PARTS[index]}" || continue
        kill -CONT -- "-$PID" 2>/dev/null || true
        kill -TERM "$PID" 2>/dev/null || true
    done
    for ((index = ${#PARTS[@]} - 1; index >= 0; index--)); do
        ended "${PARTS[index]}" 15 || kill -KILL -- "-$PID" 2>/dev/null || true
        rm -f "$DIR/run/${PARTS[index]}.pid"
    done
}

status() {
    local name
    for name in "${PARTS[@]}"; do
        if alive "$name"; then printf '%-28s %s\n' "$name" "$PID"; else printf '%-28s -\n' "$name"; fi
    done
}
