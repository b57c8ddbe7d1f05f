# Private MariaDB, Redis and clamd servers for tests, on free loopback ports, in a folder of their own. Source this file;
# `stop_services` stops the started ones. Sets AFPI_TEST_MARIADB_URL, AFPI_TEST_REDIS_URL,
# AFPI_TEST_REDIS_CLUSTER and AFPI_TEST_CLAMD.

. "$(dirname "${BASH_SOURCE[0]}")/need.sh"

SERVICES_DIR="$(mktemp -d)"
SERVICE_PIDS=()

free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

start_mariadb() {
    need mariadbd mariadb-server
    local data="$SERVICES_DIR/mariadb" port
    port="$(free_port)"
    mkdir -p "$data"
    mariadb-install-db --no-defaults --datadir="$data" --auth-root-authentication-method=normal --skip-test-db >"$SERVICES_DIR/install.log" 2>&1
    "$(command -v mariadbd || echo /usr/sbin/mariadbd)" --no-defaults --user="$(id -un)" --datadir="$data" --bind-address=127.0.0.1 --port="$port" \
        --socket="$SERVICES_DIR/m.sock" --pid-file="$SERVICES_DIR/m.pid" --innodb-flush-log-at-trx-commit=2 --max-connections=400 \
        >"$SERVICES_DIR/mariadb.log" 2>&1 &
    SERVICE_PIDS+=("$!")
    for _ in $(seq 100); do
        if mariadb-admin --no-defaults --host=127.0.0.1 --port="$port" --user=root ping >/dev/null 2>&1; then
            export AFPI_TEST_MARIADB_URL="mysql://root@127.0.0.1:$port"
            return 0
        fi
        sleep 0.2
    done
    echo "MariaDB did not start:" >&2; tail -20 "$SERVICES_DIR/mariadb.log" >&2; exit 1
}

start_redis() {
    need redis-server redis-server
    local port
    port="$(free_port)"
    redis-server --bind 127.0.0.1 --port "$port" --dir "$SERVICES_DIR" --save "" --appendonly yes --maxmemory-policy noeviction \
        >"$SERVICES_DIR/redis.log" 2>&1 &
    SERVICE_PIDS+=("$!")
    for _ in $(seq 50); do
        if redis-cli -h 127.0.0.1 -p "$port" ping >/dev/null 2>&1; then
            export AFPI_TEST_REDIS_URL="redis://127.0.0.1:$port"
            return 0
        fi
        sleep 0.1
    done
    echo "Redis did not start:" >&2; tail -20 "$SERVICES_DIR/redis.log" >&2; exit 1
}

# Six nodes: three masters with a replica each. Where none can be made, its tests say that they are skipped.
start_redis_cluster() {
    need redis-server redis-server
    local port folder nodes=()
    for _ in 1 2 3 4 5 6; do
        # A node also listens on the port 10 000 higher.
        port="$((20000 + $(free_port) % 30000))"
        folder="$SERVICES_DIR/node-$port"
        mkdir -p "$folder"
        # No test ends a node. On a machine with much to do a short timeout would promote a replica, and lose writes.
        redis-server --bind 127.0.0.1 --port "$port" --dir "$folder" --save "" --appendonly yes --maxmemory-policy noeviction \
            --cluster-enabled yes --cluster-node-timeout 30000 >"$folder/redis.log" 2>&1 &
        SERVICE_PIDS+=("$!")
        nodes+=("127.0.0.1:$port")
    done
    for node in "${nodes[@]}"; do
        for _ in $(seq 50); do redis-cli -p "${node#*:}" ping >/dev/null 2>&1 && break; sleep 0.1; done
    done
    if ! redis-cli --cluster create "${nodes[@]}" --cluster-replicas 1 --cluster-yes >"$SERVICES_DIR/cluster.log" 2>&1; then
        echo "== skipped: tests on a cluster of Redis, because none can be made here"
        return 0
    fi
    for node in "${nodes[@]}"; do
        for _ in $(seq 100); do redis-cli -p "${node#*:}" cluster info 2>/dev/null | grep -q cluster_state:ok && break; sleep 0.1; done
    done
    AFPI_TEST_REDIS_CLUSTER="$(IFS=,; echo "${nodes[*]}")"
    export AFPI_TEST_REDIS_CLUSTER
}

# clamd of the package clamav-daemon, with its library. The package itself is not installed: it would start a service,
# and fetch signatures.
need_clamd() {
    local kept="${AFPI_CI_CACHE:-$HOME/.cache/afpi-ci}/clamd" package
    CLAMD="$(command -v clamd || echo /usr/sbin/clamd)"
    [ ! -x "$CLAMD" ] || return 0
    CLAMD="$kept/usr/sbin/clamd"
    ! "$CLAMD" --help >/dev/null 2>&1 || return 0
    command -v apt-get >/dev/null 2>&1 || return 1
    mkdir -p "$kept"
    if ! (cd "$kept" && apt-get download -qq clamav-daemon && dpkg-deb -x clamav-daemon_*.deb .) >"$SERVICES_DIR/clamd-install.log" 2>&1; then
        return 1
    fi
    package="$(dpkg-deb -f "$kept"/clamav-daemon_*.deb Depends | grep -oE 'libclamav[0-9]+' | head -1)"
    (need libclamav "$package") || return 1
    "$CLAMD" --help >/dev/null 2>&1
}

# Its only signature is one of our own. Tests without it say that they are skipped.
start_clamd() {
    local port
    if ! need_clamd; then
        echo "== skipped: the test with a real clamd, because Debian's package clamav-daemon cannot be had"
        return 0
    fi
    port="$(free_port)"
    mkdir -p "$SERVICES_DIR/clamd"
    # AFPI-TEST-VIRUS, in hexadecimal digits, anywhere in a file of any kind.
    echo 'AFPI.Test.Virus:0:*:414650492d544553542d5649525553' >"$SERVICES_DIR/clamd/afpi.ndb"
    cat >"$SERVICES_DIR/clamd.conf" <<EOF
DatabaseDirectory $SERVICES_DIR/clamd
TCPSocket $port
TCPAddr 127.0.0.1
LogFile $SERVICES_DIR/clamd.log
TemporaryDirectory $SERVICES_DIR
Foreground yes
StreamMaxLength 1M
EOF
    "$CLAMD" --config-file="$SERVICES_DIR/clamd.conf" >"$SERVICES_DIR/clamd.out" 2>&1 &
    SERVICE_PIDS+=("$!")
    for _ in $(seq 100); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            export AFPI_TEST_CLAMD="127.0.0.1:$port"
            return 0
        fi
        sleep 0.2
    done
    echo "clamd did not start:" >&2; tail -20 "$SERVICES_DIR/clamd.log" "$SERVICES_DIR/clamd.out" >&2; exit 1
}

stop_services() {
    for pid in "${SERVICE_PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${SERVICE_PIDS[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$SERVICES_DIR"
}
